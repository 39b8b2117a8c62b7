namespace BrainState.Hosting;

/// <summary>What discovery found out about a backend.</summary>
public enum BackendStatus
{
    /// <summary>It can be used.</summary>
    Usable,
    /// <summary>The plugin is in order, but something it needs is missing on this machine, such as a native library.</summary>
    Unavailable,
    /// <summary>The plugin is broken.</summary>
    Faulty,
    /// <summary>The plugin was compiled for another version of the contract.</summary>
    Incompatible,
    /// <summary>Another backend of the same name comes first.</summary>
    Shadowed,
}

/// <summary>One thing that discovery found: a backend, or a place where one should have been.</summary>
public sealed record BackendCandidate
{
    /// <summary>The name that selects the backend; the name of the folder if the plugin did not get so far as to tell its name.</summary>
    public required string Name { get; init; }

    /// <summary>The plugin's folder; empty for a factory that was registered by code.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it can be used.</summary>
    public required BackendStatus Status { get; init; }

    /// <summary>Why it cannot be used; empty if it can.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What would make it usable, ideally a command; may be empty.</summary>
    public string Fix { get; init; } = "";

    /// <summary>One line about the engine, from the plugin.</summary>
    public string Description { get; init; } = "";

    /// <summary>The contract that the plugin was compiled for, if it is known.</summary>
    public Version? ContractVersion { get; init; }
}
