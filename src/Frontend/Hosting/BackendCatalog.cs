using BrainState.Backends;

namespace BrainState.Hosting;

/// <summary>
/// The backends that an application can choose from: factories registered by code, then the plugins in <c>plugins/*</c> next to the
/// application, then those in <see cref="BrainStateOptions.PluginPaths"/>.
/// </summary>
/// <remarks>
/// Nothing is searched or loaded before the first question; the answer is kept. Discovery loads nothing native. A broken plugin is
/// reported and hides nobody. Thread-safe.
/// </remarks>
public sealed class BackendCatalog
{
    private readonly BrainStateOptions options;
    private readonly PluginSearch search;
    private readonly Lazy<IReadOnlyList<BackendEntry>> entries;

    /// <summary>A catalog of what <paramref name="options"/> lead to.</summary>
    public BackendCatalog(BrainStateOptions options)
    {
        this.options = options;
        search = new(options.ApplicationDirectory, options.PluginPaths);
        entries = new(Discover);
    }

    /// <summary>
    /// Adds a backend to all catalogs of this process that have not searched yet. For trimmed and AOT-compiled applications, which cannot
    /// load plugins.
    /// </summary>
    /// <exception cref="ArgumentException">The name is taken by another factory.</exception>
    public static void Register(string name, IBackendFactory factory, string description = "") =>
        BackendRegistry.Process.Register(name, factory, description);

    /// <summary>What is here, what is not usable and why. Probes every backend, starts none.</summary>
    public DiscoveryReport Report()
    {
        foreach (var entry in entries.Value) entry.Probe(options.SettingsOf(entry.Name));
        return new([.. entries.Value.Select(entry => entry.Describe())], search.Roots);
    }

    /// <summary>Starts the backend called <paramref name="name"/>. The caller owns it.</summary>
    /// <exception cref="BackendException">There is none of this name, or it cannot be used; the message says why and what to do.</exception>
    public IBackend Create(string name) =>
        Find(name) is { } entry ? entry.Start(options.SettingsOf(name)) : throw new BackendException(Unknown(name));

    /// <summary>Why the backend called <paramref name="name"/> cannot be used, or null if it can.</summary>
    internal string? ProblemWith(string name) =>
        Find(name) is { } entry ? entry.Probe(options.SettingsOf(name))?.Message(entry.Name) : Unknown(name);

    /// <summary>The owner of the name; if there is none, whatever bears it, so that its fault can be told.</summary>
    private BackendEntry? Find(string name)
    {
        var bearers = entries.Value.Where(entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return bearers.FirstOrDefault(entry => entry.OwnsName) ?? bearers.FirstOrDefault();
    }

    private IReadOnlyList<BackendEntry> Discover()
    {
        var registered = options.Registrations.Concat(options.Registry.Registrations).Select(registration => registration.ToEntry());
        var found = registered.Concat(search.Folders().SelectMany(PluginExports.Of)).ToList();
        var owners = new Dictionary<string, BackendEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in found.Where(entry => entry.OwnsName))
        {
            if (!owners.TryAdd(entry.Name, entry)) entry.ShadowBy(owners[entry.Name]);
        }

        return found;
    }

    private string Unknown(string name)
    {
        var report = Report();
        if (report.Candidates.Count == 0)
            return $"""
                There is no backend '{name}'; in fact there is none at all. Searched:
                {string.Join('\n', search.Roots.Select(folder => "  " + DiscoveryReport.Existing(folder)))}
                {HowToAdd(name)} A trimmed application registers the factory: BackendCatalog.Register("{name}", …)
                """;
        return $"""
            There is no backend '{name}'.{Spelling.Suggest(name, report.Candidates.Select(candidate => candidate.Name))} These are here:
            {report.Summary()}
            {HowToAdd(name)}
            """;
    }

    private string HowToAdd(string name)
    {
        var package = name.ToLowerInvariant() switch { "cpu" => "Cpu", "torch" => "Torch", "xla" => "Xla", "ilgpu" => "Ilgpu", _ => null };
        return $"To add it: {(package is null ? "" : $"dotnet add package BrainState.Backends.{package}, or ")}"
            + $"put its plugin folder under {search.Roots[0]}, or name the folder in BrainState:PluginPaths.";
    }
}
