namespace BrainState;

/// <summary>Which States to take, by kind, tag, path or any condition. Types, strings (tags) and booleans convert to filters.</summary>
public sealed class StateFilter
{
    private readonly Func<StatePath, State, bool> matches;

    private StateFilter(Func<StatePath, State, bool> matches) => this.matches = matches;

    /// <summary>Every State.</summary>
    public static StateFilter Everything { get; } = new(static (_, _) => true);

    /// <summary>No State.</summary>
    public static StateFilter Nothing { get; } = new(static (_, _) => false);

    /// <summary>States of a kind or one derived from it.</summary>
    public static StateFilter OfType<TState>() => new(static (_, state) => state is TState);

    /// <summary>States of a kind or one derived from it.</summary>
    public static StateFilter OfType(Type type) => new((_, state) => type.IsInstanceOfType(state));

    /// <summary>States with a label.</summary>
    public static StateFilter WithTag(string tag) => new((_, state) => state.Tags.Contains(tag));

    /// <summary>States with a name or position somewhere in their path.</summary>
    public static StateFilter PathContains(object part) => new((path, _) => path.Parts.Contains(part));

    /// <summary>States that meet a condition.</summary>
    public static StateFilter Where(Func<StatePath, State, bool> condition) => new(condition);

    /// <summary>States that at least one of the filters takes.</summary>
    public static StateFilter Any(params StateFilter[] filters) => new((path, state) => filters.Any(f => f.Matches(path, state)));

    /// <summary>States that all of the filters take.</summary>
    public static StateFilter All(params StateFilter[] filters) => new((path, state) => filters.All(f => f.Matches(path, state)));

    /// <summary>States that the filter does not take.</summary>
    public static StateFilter Not(StateFilter filter) => new((path, state) => !filter.Matches(path, state));

    /// <summary>Whether the filter takes a State.</summary>
    public bool Matches(StatePath path, State state) => matches(path, state);

    /// <summary>States of a kind.</summary>
    public static implicit operator StateFilter(Type type) => OfType(type);

    /// <summary>States with a label.</summary>
    public static implicit operator StateFilter(string tag) => WithTag(tag);

    /// <summary>Every State, or none.</summary>
    public static implicit operator StateFilter(bool everything) => everything ? Everything : Nothing;
}
