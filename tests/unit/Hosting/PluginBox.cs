using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using BrainState.Hosting;

namespace BrainState.UnitTests.Hosting;

/// <summary>A temporary application folder with plugins.</summary>
sealed class PluginBox : IDisposable
{
    static readonly string Built = typeof(PluginBox).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "TestPluginsDirectory").Value!;

    public string Application { get; } = Directory.CreateTempSubdirectory("brainstate-").FullName;

    public string Plugins => Path.Combine(Application, "plugins");

    public static PluginBox With(params string[] plugins)
    {
        var box = new PluginBox();
        foreach (var plugin in plugins) box.Copy(plugin);
        return box;
    }

    public string PathOf(string folder) => Path.Combine(Plugins, folder);

    /// <summary>Copies a built test plugin, to <c>plugins/NAME</c> unless told otherwise.</summary>
    public string Copy(string plugin, string? to = null)
    {
        var target = Directory.CreateDirectory(Path.GetFullPath(to ?? plugin, Plugins)).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Built, plugin))) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        return target;
    }

    public string Write(string folder, string file, byte[] content)
    {
        var target = Directory.CreateDirectory(PathOf(folder)).FullName;
        File.WriteAllBytes(Path.Combine(target, file), content);
        return target;
    }

    public BackendRegistry Registry { get; } = new();

    public BrainStateOptions Options(Action<BrainStateBuilder>? configure = null)
    {
        var options = new BrainStateOptions { ApplicationDirectory = Application, Registry = Registry };
        configure?.Invoke(new(options));
        return options;
    }

    public DiscoveryReport Report(Action<BrainStateBuilder>? configure = null) => Options(configure).Catalog.Report();

    public void Dispose()
    {
        try
        {
            Directory.Delete(Application, recursive: true);
        }
        catch (UnauthorizedAccessException)
        {
            // Windows keeps loaded assemblies locked.
        }
    }

    /// <summary>An assembly without types that references BrainState.Abstractions, if a version is given.</summary>
    public static byte[] Assembly(string name, Version? contract)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString(name + ".dll"), metadata.GetOrAddGuid(Guid.NewGuid()), default, default);
        metadata.AddAssembly(metadata.GetOrAddString(name), new(1, 0, 0, 0), default, default, default, AssemblyHashAlgorithm.None);
        metadata.AddTypeDefinition(default, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        if (contract is not null) metadata.AddAssemblyReference(metadata.GetOrAddString("BrainState.Abstractions"), contract, default, default, default, default);
        var image = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new(metadata), new()).Serialize(image);
        return image.ToArray();
    }
}
