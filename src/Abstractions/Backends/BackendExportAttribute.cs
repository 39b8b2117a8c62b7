using System.Composition;

namespace BrainState.Backends;

/// <summary>Marks a class as the <see cref="IBackendFactory"/> of a plugin, so that MEF discovers it.</summary>
/// <remarks>The contract version is a default argument and therefore recorded in the plugin when it is compiled.</remarks>
[MetadataAttribute]
[AttributeUsage(AttributeTargets.Class)]
public sealed class BackendExportAttribute : ExportAttribute
{
    /// <summary>Exports the factory under <paramref name="name"/>, such as <c>"torch"</c>; names are lower case and compared so.</summary>
    public BackendExportAttribute(string name, int contractMajor = Contract.Major, int contractMinor = Contract.Minor) : base(typeof(IBackendFactory)) =>
        (Name, ContractMajor, ContractMinor) = (name, contractMajor, contractMinor);

    /// <summary>The name by which configuration selects the backend.</summary>
    public string Name { get; }

    /// <summary>The major version of the contract the plugin was compiled against.</summary>
    public int ContractMajor { get; }

    /// <summary>The minor version of the contract the plugin was compiled against.</summary>
    public int ContractMinor { get; }

    /// <summary>One line about the engine, for listings.</summary>
    public string Description { get; set; } = "";
}

/// <summary>The metadata of an exported <see cref="IBackendFactory"/>. A concrete class with defaults: MEF refuses interfaces, and an export without metadata still composes.</summary>
public sealed class BackendMetadata
{
    /// <inheritdoc cref="BackendExportAttribute.Name"/>
    public string Name { get; set; } = "";

    /// <inheritdoc cref="BackendExportAttribute.ContractMajor"/>
    public int ContractMajor { get; set; }

    /// <inheritdoc cref="BackendExportAttribute.ContractMinor"/>
    public int ContractMinor { get; set; }

    /// <inheritdoc cref="BackendExportAttribute.Description"/>
    public string Description { get; set; } = "";
}
