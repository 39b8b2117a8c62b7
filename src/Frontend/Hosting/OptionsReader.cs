using Microsoft.Extensions.Configuration;

namespace BrainState.Hosting;

/// <summary>
/// Reads <see cref="BrainStateOptions"/> from configuration. Not the framework's binder, which would pass over a mistyped key in silence.
/// </summary>
internal static class OptionsReader
{
    private static readonly string[] Keys =
    [
        nameof(BrainStateOptions.Backend), nameof(BrainStateOptions.Device),
        nameof(BrainStateOptions.PluginPaths), nameof(BrainStateOptions.Backends),
    ];

    /// <summary>Applies <paramref name="section"/>; what is wrong with it becomes a problem of the options.</summary>
    public static void Apply(IConfigurationSection section, BrainStateOptions options)
    {
        foreach (var entry in section.GetChildren())
        {
            switch (Keys.FirstOrDefault(key => key.Equals(entry.Key, StringComparison.OrdinalIgnoreCase)))
            {
                case nameof(BrainStateOptions.Backend): ReadValue(entry, value => options.Backend = value); break;
                case nameof(BrainStateOptions.Device): ReadValue(entry, value => options.Device = value); break;
                case nameof(BrainStateOptions.PluginPaths): ReadList(entry, options.PluginPaths.Add); break;
                case nameof(BrainStateOptions.Backends): ReadSettings(entry); break;
                default:
                    Problem($"Unknown key '{entry.Path}'.{Spelling.Suggest(entry.Key, Keys)} "
                        + $"The keys of '{section.Path}' are {string.Join(", ", Keys)}.");
                    break;
            }
        }

        void ReadValue(IConfigurationSection entry, Action<string> set)
        {
            if (entry.GetChildren().Any()) Problem($"'{entry.Path}' is one value, but configuration has several below it.");
            else if (!string.IsNullOrWhiteSpace(entry.Value)) set(entry.Value.Trim());
        }

        void ReadList(IConfigurationSection entry, Action<string> add)
        {
            if (!string.IsNullOrEmpty(entry.Value)) Problem($"'{entry.Path}' is a list. Write '{entry.Path}:0' instead, and so on.");
            foreach (var value in entry.GetChildren().Select(item => item.Value).OfType<string>()) add(value);
        }

        void ReadSettings(IConfigurationSection entry)
        {
            foreach (var backend in entry.GetChildren())
            {
                if (!string.IsNullOrEmpty(backend.Value)) Problem($"'{backend.Path}' is a section. Write its settings as '{backend.Path}:KEY'.");
                foreach (var (key, value) in backend.AsEnumerable(makePathsRelative: true))
                {
                    if (key.Length > 0 && value is not null) options.Set(backend.Key, key, value);
                }
            }
        }

        void Problem(string text) => options.ReadingProblems.Add(text);
    }
}
