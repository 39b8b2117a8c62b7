using System.Composition.Hosting;
using BrainState.Backends;
using Export = System.Composition.ExportFactory<
    BrainState.Backends.IBackendFactory, System.Collections.Generic.IDictionary<string, object>>;

namespace BrainState.Hosting;

/// <summary>
/// Loads the assembly of a plugin and asks MEF what it exports. Each plugin has a container of its own, so that none can spoil another's.
/// </summary>
/// <remarks>
/// Metadata is read as a dictionary: a typed view would fail the whole container for one export that lacks a value.
/// No factory is constructed yet.
/// </remarks>
internal static class PluginExports
{
    /// <summary>The backends in <paramref name="folder"/>, or one entry with the fault that keeps them from being found.</summary>
    public static IReadOnlyList<BackendEntry> Of(PluginFolder folder)
    {
        if (folder.Fault is { } fault) return [new(folder.Name, folder.Path, fault) { ContractVersion = folder.Contract }];
        try
        {
            var parts = PluginLoadContext.LoadPlugin(folder.Assembly!).GetTypes();
            var exports = new ContainerConfiguration().WithParts(parts).CreateContainer().GetExports<Export>().ToList();
            return exports.Count > 0 ? exports.ConvertAll(export => Entry(folder, export)) : [Nameless(folder, "exports no IBackendFactory")];
        }
        catch (Exception e)
        {
            return [new(folder.Name, folder.Path, Fault.From(e, "loaded", folder.Path))];
        }
    }

    private static BackendEntry Entry(PluginFolder folder, Export export)
    {
        var metadata = new BackendMetadata
        {
            Name = Value(nameof(BackendMetadata.Name), ""),
            ContractMajor = Value(nameof(BackendMetadata.ContractMajor), 0),
            ContractMinor = Value(nameof(BackendMetadata.ContractMinor), 0),
            Description = Value(nameof(BackendMetadata.Description), ""),
        };
        if (metadata.Name.Length == 0) return Nameless(folder, "exports an IBackendFactory without a name");

        var version = new Version(metadata.ContractMajor, metadata.ContractMinor);
        var fits = version.Major == Contract.Major && version.Minor <= Contract.Minor;
        return new(metadata.Name.ToLowerInvariant(), folder.Path, fits ? null : Fault.OtherContract(version), () => export.CreateExport().Value)
        {
            Description = metadata.Description,
            ContractVersion = version,
        };

        T Value<T>(string key, T absent) => export.Metadata.TryGetValue(key, out var value) && value is T typed ? typed : absent;
    }

    private static BackendEntry Nameless(PluginFolder folder, string what) => new(folder.Name, folder.Path, new(
        BackendStatus.Faulty,
        $"{Path.GetFileName(folder.Assembly)} {what}.",
        "Mark the factory with [BackendExport(\"name\")] and nothing else."));
}
