namespace BrainState.Nn;

/// <summary>
/// A part of a model that holds States and other modules in fields or auto-properties, also in arrays, lists and dictionaries. They are found by
/// looking; nothing needs to be registered.
/// </summary>
public abstract class Module
{
    /// <summary>The States of a kind, by path: member names in snake_case, positions in lists.</summary>
    /// <exception cref="InvalidOperationException">Two different States have the same path.</exception>
    public FlattedDict<TState> States<TState>() where TState : State =>
        Collect(StateDiscovery.States(this).Where(static e => e.Value is TState).Select(static e => KeyValuePair.Create(e.Key, (TState)e.Value)));

    /// <summary>All States, by path.</summary>
    /// <inheritdoc cref="States{TState}()"/>
    public FlattedDict<State> States() => States<State>();

    /// <summary>The States that a filter takes, by path.</summary>
    /// <inheritdoc cref="States{TState}()"/>
    public FlattedDict<State> States(StateFilter filter) => Collect(StateDiscovery.States(this).Where(e => filter.Matches(e.Key, e.Value)));

    /// <summary>The States divided among filters: each goes to the first that takes it, and the rest is left out.</summary>
    /// <inheritdoc cref="States{TState}()"/>
    public FlattedDict<State>[] States(params StateFilter[] filters)
    {
        var all = StateDiscovery.States(this).ToArray();
        return [.. filters.Select((filter, i) => Collect(all.Where(e =>
            filter.Matches(e.Key, e.Value) && !filters.Take(i).Any(earlier => earlier.Matches(e.Key, e.Value)))))];
    }

    /// <summary>This module and those inside it, by path; its own path is empty.</summary>
    public FlattedDict<Module> Modules() => Collect(StateDiscovery.Modules(this));

    private FlattedDict<T> Collect<T>(IEnumerable<KeyValuePair<StatePath, T>> found)
    {
        var entries = found.ToArray();
        var clash = entries.GroupBy(static e => e.Key).FirstOrDefault(static g => g.Count() > 1);
        return clash is null
            ? new(entries)
            : throw new InvalidOperationException($"Two members of {GetType().Name} have the path {clash.Key}. Rename one, or give it a [{nameof(StateNameAttribute)[..^9]}].");
    }
}
