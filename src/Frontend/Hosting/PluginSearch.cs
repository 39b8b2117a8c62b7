namespace BrainState.Hosting;

/// <summary>Which folders are searched for plugins: those in <c>plugins</c> next to the application, then the configured ones.</summary>
internal sealed class PluginSearch
{
    private readonly string application;
    private readonly IReadOnlyList<string> configured;

    /// <summary>A search next to <paramref name="application"/> and in <paramref name="pluginPaths"/>, which are relative to it.</summary>
    public PluginSearch(string application, IEnumerable<string> pluginPaths)
    {
        this.application = Path.Combine(application, "plugins");
        configured = [.. pluginPaths.Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, application))).Distinct()];
    }

    /// <summary>The folders that are looked into.</summary>
    public IReadOnlyList<string> Roots => [application, .. configured];

    /// <summary>The plugin folders in search order, each once; and places where there should be some and are none.</summary>
    public IEnumerable<PluginFolder> Folders() =>
        (Directory.Exists(application) ? Children(application) : []).Concat(configured.SelectMany(Expand)).DistinctBy(folder => folder.Path);

    private static IEnumerable<PluginFolder> Expand(string path)
    {
        if (!Directory.Exists(path)) return [Wrong(path, "The folder does not exist.")];
        try
        {
            if (Directory.EnumerateFiles(path, "*.dll").Any()) return [PluginFolder.Inspect(path)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [PluginFolder.Unreadable(path, e)];
        }

        var children = Children(path);
        return children.Count > 0 ? children : [Wrong(path, "The folder holds neither a plugin nor folders with plugins.")];
    }

    private static IReadOnlyList<PluginFolder> Children(string path)
    {
        try
        {
            return [.. Directory.GetDirectories(path).Order(StringComparer.OrdinalIgnoreCase).Select(PluginFolder.Inspect)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [PluginFolder.Unreadable(path, e)];
        }
    }

    private static PluginFolder Wrong(string path, string reason) => PluginFolder.Faulty(path, reason, "Correct or remove it in BrainState:PluginPaths.");
}
