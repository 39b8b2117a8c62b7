using BrainState.Serialization;

namespace BrainState;

/// <summary>Values in a tree that follows the structure of a module; branches are keyed by one part of a path, ordered like paths.</summary>
public sealed class NestedDict<T> : IPathValues
{
    private readonly SortedDictionary<StatePath, object> children = [];

    /// <summary>The keys of this level, each a string or an int, in order.</summary>
    public IReadOnlyList<object> Keys => [.. children.Keys.Select(static k => k.Parts[0])];

    /// <summary>The number of keys of this level.</summary>
    public int Count => children.Count;

    Type IPathValues.ValueType => typeof(T);

    IReadOnlyList<KeyValuePair<StatePath, object?>> IPathValues.Entries => ((IPathValues)ToFlat()).Entries;

    object IPathValues.WithValues(IReadOnlyList<object?> values) => ((FlattedDict<T>)((IPathValues)ToFlat()).WithValues(values)).ToNested();

    /// <summary>The tree below <paramref name="key"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public NestedDict<T> Branch(object key) => Child(key) as NestedDict<T> ?? throw new KeyNotFoundException($"{key} is a value, not a branch.");

    /// <summary>The value at <paramref name="key"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public T this[object key] => Child(key) is Leaf leaf ? leaf.Value : throw new KeyNotFoundException($"{key} is a branch, not a value.");

    /// <summary>The values by their whole paths.</summary>
    public FlattedDict<T> ToFlat() => new(Flatten(default));

    /// <summary>The tree of the given values.</summary>
    /// <exception cref="ArgumentException">A path is the beginning of another one.</exception>
    public static NestedDict<T> FromFlat(IEnumerable<KeyValuePair<StatePath, T>> entries)
    {
        var root = new NestedDict<T>();
        foreach (var (path, value) in entries)
        {
            if (path.Count == 0) throw new ArgumentException("A path is empty.", nameof(entries));
            var branch = root;
            foreach (var part in path.Parts.SkipLast(1))
            {
                var key = StatePath.Of(part);
                if (!branch.children.TryGetValue(key, out var child)) branch.children[key] = child = new NestedDict<T>();
                branch = child as NestedDict<T> ?? throw Conflict(path);
            }
            if (!branch.children.TryAdd(StatePath.Of(path.Parts[^1]), new Leaf(value))) throw Conflict(path);
        }
        return root;
    }

    /// <summary>The same tree with other values.</summary>
    public NestedDict<TResult> Map<TResult>(Func<T, TResult> selector) => NestedDict<TResult>.FromFlat(ToFlat().Map(selector));

    /// <inheritdoc/>
    public override string ToString() =>
        $"{{{string.Join(", ", children.Select(static c => $"{(c.Key.Parts[0] is string s ? $"'{s}'" : c.Key.Parts[0])}: {c.Value}"))}}}";

    private IEnumerable<KeyValuePair<StatePath, T>> Flatten(StatePath prefix) => children.SelectMany(child =>
    {
        var path = prefix.Append(child.Key.Parts[0]);
        return child.Value is NestedDict<T> branch ? branch.Flatten(path) : [KeyValuePair.Create(path, ((Leaf)child.Value).Value)];
    });

    private object Child(object key) => children.TryGetValue(StatePath.Of(key), out var child)
        ? child
        : throw new KeyNotFoundException($"There is no {key}; the keys are {string.Join(", ", Keys)}.");

    private static ArgumentException Conflict(StatePath path) => new($"The path {path} meets another one that ends or goes on at the same place.");

    private sealed record Leaf(T Value)
    {
        public override string ToString() => Value?.ToString() ?? "";
    }
}
