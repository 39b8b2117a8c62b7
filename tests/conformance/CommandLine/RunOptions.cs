using BrainState.Hosting;

namespace BrainState.Conformance;

/// <summary>What the command line asks for.</summary>
internal sealed record RunOptions
{
    /// <summary>The backends by name; all usable ones if empty.</summary>
    public IReadOnlyList<string> Backends { get; init; } = [];

    /// <summary>Names of cases, where * stands for anything; without a *, a part of the name.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>Whether to run the few cases that represent all.</summary>
    public bool IsQuick { get; init; }

    /// <summary>The seed of generated cases.</summary>
    public int Seed { get; init; } = ConformanceSuites.DefaultSeed;

    /// <summary>Files of cases to run instead of the suites.</summary>
    public IReadOnlyList<FileInfo> CaseFiles { get; init; } = [];

    /// <summary>Files of exclusions.</summary>
    public IReadOnlyList<FileInfo> ExclusionFiles { get; init; } = [];

    /// <summary>The folder that receives reports; null for none.</summary>
    public DirectoryInfo? ReportDirectory { get; init; }

    /// <summary>The file that receives the page of documentation in mode support; null for none.</summary>
    public FileInfo? MarkdownFile { get; init; }

    /// <summary>Folders to search for plugins.</summary>
    public IReadOnlyList<DirectoryInfo> PluginPaths { get; init; } = [];

    /// <summary>Settings of all backends, as KEY=VALUE.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Whether to list the cases instead of running them.</summary>
    public bool IsListing { get; init; }

    /// <summary>Applies the options to a runtime on a backend.</summary>
    public void Configure(string backend, BrainStateBuilder builder)
    {
        foreach (var folder in PluginPaths) builder.AddPluginPath(folder.FullName);
        foreach (var setting in Settings)
            if (setting.Split('=', 2) is [var key, var value]) builder.Configure(backend, key, value);
    }
}
