using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using BrainState.Backends;

namespace BrainState.Hosting;

/// <summary>A folder that holds one plugin, as far as it can be judged by reading: nothing is loaded.</summary>
/// <param name="Path">The full path of the folder.</param>
/// <param name="Assembly">The full path of the plugin assembly, or null if there is a fault.</param>
/// <param name="Contract">The version of BrainState.Abstractions that the plugin assembly references.</param>
/// <param name="Fault">What is wrong with the folder.</param>
internal sealed record PluginFolder(string Path, string? Assembly, Version? Contract, Fault? Fault)
{
    private static readonly string ContractAssembly = typeof(IBackendFactory).Assembly.GetName().Name!;

    /// <summary>The last part of the path.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>A folder of which only the fault is known.</summary>
    public static PluginFolder Faulty(string path, string reason, string fix) => new(path, null, null, new(BackendStatus.Faulty, reason, fix));

    /// <summary>Finds the plugin assembly: the one with a <c>.deps.json</c>, else the only one that references the contract.</summary>
    public static PluginFolder Inspect(string path)
    {
        try
        {
            var files = Directory.GetFiles(path, "*.dll").Order(StringComparer.OrdinalIgnoreCase)
                .Where(file => !System.IO.Path.GetFileName(file).Equals(ContractAssembly + ".dll", StringComparison.OrdinalIgnoreCase)).ToList();
            var described = files.Where(file => File.Exists(System.IO.Path.ChangeExtension(file, ".deps.json"))).ToList();
            if (described.Count > 0) files = described;
            return files.Count switch
            {
                0 => Faulty(path, "The folder has no plugin assembly.", "Copy the whole build output of the plugin project into it, or delete it."),
                1 => Judge(path, Library.Read(files[0])),
                _ => Choose(path, files.ConvertAll(Library.Read)),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(path, e);
        }
    }

    /// <summary>A folder that this process may not read.</summary>
    public static PluginFolder Unreadable(string path, Exception exception) =>
        Faulty(path, $"The folder cannot be read: {exception.Message}", "Give this process the right to read it.");

    private static PluginFolder Choose(string path, List<Library> libraries)
    {
        var plugins = libraries.FindAll(library => library.Contract is not null);
        return plugins.Count switch
        {
            1 => Judge(path, plugins[0]),
            0 => Faulty(path, $"None of the {libraries.Count} libraries in the folder is a .NET assembly that references {ContractAssembly}.",
                "Copy the whole build output of the plugin project into it, or delete it."),
            _ => Faulty(path, $"It is not clear which assembly is the plugin: {string.Join(", ", plugins.Select(plugin => plugin.FileName))}.",
                "Put the .deps.json file of the plugin next to it; the build makes one if EnableDynamicLoading is true."),
        };
    }

    private static PluginFolder Judge(string path, Library library)
    {
        if (!library.IsAssembly)
            return Faulty(path, $"{library.FileName} is not a .NET assembly.", "Copy the build output of the plugin project into the folder again.");
        if (library.Contract is not { } contract)
            return Faulty(path, $"{library.FileName} does not reference {ContractAssembly} and so cannot export a backend.",
                "Add a reference to it and mark the factory with [BackendExport(\"name\")].");
        return new(path, library.Path, contract, contract.Major == HostMajor ? null : Fault.OtherContract(contract));
    }

    private static int HostMajor => typeof(IBackendFactory).Assembly.GetName().Version!.Major;

    private readonly record struct Library(string Path, bool IsAssembly, Version? Contract)
    {
        public string FileName => System.IO.Path.GetFileName(Path);

        public static Library Read(string path)
        {
            try
            {
                using var image = new PEReader(File.OpenRead(path));
                if (!image.HasMetadata) return new(path, false, null);
                var metadata = image.GetMetadataReader();
                foreach (var handle in metadata.AssemblyReferences)
                {
                    var reference = metadata.GetAssemblyReference(handle);
                    if (metadata.StringComparer.Equals(reference.Name, ContractAssembly))
                        return new(path, true, new(reference.Version.Major, reference.Version.Minor));
                }

                return new(path, metadata.IsAssembly, null);
            }
            catch (BadImageFormatException)
            {
                return new(path, false, null);
            }
        }
    }
}
