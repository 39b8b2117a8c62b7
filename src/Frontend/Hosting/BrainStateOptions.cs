using BrainState.Backends;

namespace BrainState.Hosting;

/// <summary>Which backend and device to use and where to find plugins: the configuration section <c>BrainState</c>.</summary>
/// <example><code>
/// "BrainState": {
///   "Backend": "torch",
///   "Device": "cuda:0",
///   "PluginPaths": [ "/opt/brainstate/plugins" ],
///   "Backends": { "torch": { "Threads": "2" } }
/// }
/// </code></example>
public sealed class BrainStateOptions
{
    /// <summary>The backend of an application that chooses none.</summary>
    public const string EmbeddedBackend = "cpu";

    private BackendCatalog? catalog;

    /// <summary>The name of the backend.</summary>
    public string Backend { get; set; } = EmbeddedBackend;

    /// <summary>The device: kind and number (<c>cuda:0</c>), kind (<c>cuda</c>) or number among all (<c>0</c>); null for the first.</summary>
    public string? Device { get; set; }

    /// <summary>
    /// Folders to search for plugins after <c>plugins</c> next to the application: plugin folders, or folders of plugin folders.
    /// Relative paths start at the application.
    /// </summary>
    public IList<string> PluginPaths { get; } = [];

    /// <summary>The settings of each backend, by name and key, both compared ignoring case.</summary>
    public IDictionary<string, IDictionary<string, string>> Backends { get; } =
        new Dictionary<string, IDictionary<string, string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The backends that these options lead to. Options that are changed after the first use have no effect on it.</summary>
    public BackendCatalog Catalog => LazyInitializer.EnsureInitialized(ref catalog, () => new(this));

    /// <summary>The settings of the backend called <paramref name="name"/>.</summary>
    public BackendSettings SettingsOf(string name) => new(Backends.TryGetValue(name, out var settings) ? settings : null);

    /// <summary>Where relative paths start and <c>plugins</c> lies.</summary>
    internal string ApplicationDirectory { get; set; } = AppContext.BaseDirectory;

    /// <summary>The backends that were added for these options.</summary>
    internal List<BackendRegistration> Registrations { get; } = [];

    /// <summary>The backends that were registered for all options.</summary>
    internal BackendRegistry Registry { get; init; } = BackendRegistry.Process;

    /// <summary>What was wrong with the configuration that these options were read from.</summary>
    internal List<string> ReadingProblems { get; } = [];

    /// <summary>Sets one setting of one backend.</summary>
    internal void Set(string backend, string key, string value)
    {
        if (!Backends.TryGetValue(backend, out var settings))
            Backends[backend] = settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        settings[key] = value;
    }

    /// <summary>Everything that is wrong with the options, each with what to do. Discovers and probes, but starts nothing.</summary>
    internal IReadOnlyList<string> Problems()
    {
        var problems = new List<string>(ReadingProblems);
        if (DeviceName.ProblemWith(Device) is { } device) problems.Add(device);
        if (problems.Count > 0) return problems;
        return Catalog.ProblemWith(Backend) is { } backend ? [backend] : [];
    }
}
