using System.Collections;
using System.Diagnostics.CodeAnalysis;
using BrainState.Serialization;

namespace BrainState;

/// <summary>Values by their path in a module, ordered by path: the States of a model, or their gradients.</summary>
public sealed class FlattedDict<T> : IReadOnlyDictionary<StatePath, T>, IPathValues
{
    private readonly KeyValuePair<StatePath, T>[] entries;
    private readonly Dictionary<StatePath, int> positions = [];

    /// <summary>The given entries, sorted by path.</summary>
    /// <exception cref="ArgumentException">Two entries have the same path.</exception>
    public FlattedDict(IEnumerable<KeyValuePair<StatePath, T>> entries)
    {
        this.entries = [.. entries.OrderBy(static e => e.Key)];
        for (var i = 0; i < this.entries.Length; i++)
            if (!positions.TryAdd(this.entries[i].Key, i))
                throw new ArgumentException($"The path {this.entries[i].Key} is given twice.", nameof(entries));
    }

    /// <summary>The number of entries.</summary>
    public int Count => entries.Length;

    /// <summary>The paths in order.</summary>
    public IReadOnlyList<StatePath> Keys => Array.ConvertAll(entries, static e => e.Key);

    /// <summary>The values in the order of their paths.</summary>
    public IReadOnlyList<T> Values => Array.ConvertAll(entries, static e => e.Value);

    IEnumerable<StatePath> IReadOnlyDictionary<StatePath, T>.Keys => Keys;

    IEnumerable<T> IReadOnlyDictionary<StatePath, T>.Values => Values;

    Type IPathValues.ValueType => typeof(T);

    IReadOnlyList<KeyValuePair<StatePath, object?>> IPathValues.Entries =>
        Array.ConvertAll(entries, static e => KeyValuePair.Create(e.Key, (object?)e.Value));

    object IPathValues.WithValues(IReadOnlyList<object?> values) =>
        new FlattedDict<T>(entries.Zip(values, static (e, value) => KeyValuePair.Create(e.Key, (T)value!)));

    /// <summary>The value at a path.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists the paths.</exception>
    public T this[StatePath path] => positions.TryGetValue(path, out var position)
        ? entries[position].Value
        : throw new KeyNotFoundException($"There is no {path}; the paths are {string.Join(", ", Keys)}.");

    /// <inheritdoc/>
    public bool ContainsKey(StatePath key) => positions.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(StatePath key, [MaybeNullWhen(false)] out T value)
    {
        var found = positions.TryGetValue(key, out var position);
        value = found ? entries[position].Value : default;
        return found;
    }

    /// <summary>The same paths with other values.</summary>
    public FlattedDict<TResult> Map<TResult>(Func<T, TResult> selector) =>
        new(entries.Select(e => KeyValuePair.Create(e.Key, selector(e.Value))));

    /// <summary>Itself; so that code written for a <see cref="NestedDict{T}"/> works here.</summary>
    public FlattedDict<T> ToFlat() => this;

    /// <summary>The same values, nested by the parts of their paths.</summary>
    public NestedDict<T> ToNested() => NestedDict<T>.FromFlat(this);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<StatePath, T>> GetEnumerator() => ((IEnumerable<KeyValuePair<StatePath, T>>)entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"{{{string.Join(", ", entries.Select(static e => $"{e.Key}: {e.Value}"))}}}";
}
