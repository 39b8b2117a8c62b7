using System.Collections.Concurrent;
using System.Composition;
using System.Reflection;
using System.Runtime.Loader;
using BrainState.Backends;

namespace BrainState.Hosting;

/// <summary>
/// Where the assemblies and native libraries of one plugin live, apart from those of the application and of other plugins.
/// </summary>
/// <remarks>
/// What host and plugin speak with each other is always the host's, even if the plugin's folder has copies: with two identities of
/// <see cref="IBackendFactory"/> or of MEF's attributes, the plugin's exports would be invisible. Contexts are not collectible,
/// because engines cannot be unloaded; a process loads a plugin once, however many catalogs find it.
/// </remarks>
internal sealed class PluginLoadContext : AssemblyLoadContext
{
    private static readonly ConcurrentDictionary<string, Lazy<Assembly>> Plugins = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, Assembly> Shared = new Assembly[] { typeof(IBackendFactory).Assembly, typeof(ExportAttribute).Assembly }
        .ToDictionary(assembly => assembly.GetName().Name!, StringComparer.OrdinalIgnoreCase);

    private readonly AssemblyDependencyResolver resolver;

    private PluginLoadContext(string assemblyPath) : base($"BrainState plugin {assemblyPath}") => resolver = new(assemblyPath);

    /// <summary>The plugin assembly at <paramref name="path"/>, in its context.</summary>
    public static Assembly LoadPlugin(string path) =>
        Plugins.GetOrAdd(path, static path => new(() => new PluginLoadContext(path).LoadFromAssemblyPath(path))).Value;

    protected override Assembly? Load(AssemblyName name)
    {
        if (Shared.TryGetValue(name.Name!, out var shared)) return shared;
        return resolver.ResolveAssemblyToPath(name) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    protected override nint LoadUnmanagedDll(string name) =>
        resolver.ResolveUnmanagedDllToPath(name) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
