namespace BrainState.Pytrees;

internal sealed class ArrayNode<T> : TreeNode<T[]>
{
    public override void Flatten(T[] value, TreeWriter writer)
    {
        writer.AddToken(value?.Length);
        for (var i = 0; i < value?.Length; i++) writer.AddItem(value[i], i, value.Length);
    }

    public override T[] Unflatten(ref TreeReader reader)
    {
        if (reader.ReadToken() is not int length) return null!;
        var items = new T[length];
        for (var i = 0; i < items.Length; i++) items[i] = Tree<T>.Node.Unflatten(ref reader);
        return items;
    }
}

internal sealed class ListNode<T> : TreeNode<List<T>>
{
    public override void Flatten(List<T> value, TreeWriter writer) => Tree<T[]>.Node.Flatten(value?.ToArray()!, writer);

    public override List<T> Unflatten(ref TreeReader reader) => Tree<T[]>.Node.Unflatten(ref reader) is { } items ? [.. items] : null!;
}

internal sealed class ReadOnlyListNode<T> : TreeNode<IReadOnlyList<T>>
{
    public override void Flatten(IReadOnlyList<T> value, TreeWriter writer) => Tree<T[]>.Node.Flatten(value?.ToArray()!, writer);

    public override IReadOnlyList<T> Unflatten(ref TreeReader reader) => Tree<T[]>.Node.Unflatten(ref reader);
}

/// <summary>Values in the order of their keys, so that dictionaries filled in another order are the same tree.</summary>
internal sealed class DictionaryNode<TKey, TValue> : TreeNode<Dictionary<TKey, TValue>> where TKey : notnull
{
    private static readonly IComparer<TKey> Order = typeof(TKey) == typeof(string) ? (IComparer<TKey>)(object)StringComparer.Ordinal : Comparer<TKey>.Default;

    public override void Flatten(Dictionary<TKey, TValue> value, TreeWriter writer)
    {
        writer.AddToken(value?.Count);
        var index = 0;
        foreach (var (key, item) in (value ?? []).OrderBy(static e => e.Key, Order))
        {
            writer.AddToken(key);
            writer.AddItem(item, index++, value!.Count);
        }
    }

    public override Dictionary<TKey, TValue> Unflatten(ref TreeReader reader)
    {
        if (reader.ReadToken() is not int count) return null!;
        var items = new Dictionary<TKey, TValue>(count);
        for (var i = 0; i < count; i++) items.Add((TKey)reader.ReadToken()!, Tree<TValue>.Node.Unflatten(ref reader));
        return items;
    }
}

internal sealed class ReadOnlyDictionaryNode<TKey, TValue> : TreeNode<IReadOnlyDictionary<TKey, TValue>> where TKey : notnull
{
    public override void Flatten(IReadOnlyDictionary<TKey, TValue> value, TreeWriter writer) =>
        Tree<Dictionary<TKey, TValue>>.Node.Flatten(value is null ? null! : new(value), writer);

    public override IReadOnlyDictionary<TKey, TValue> Unflatten(ref TreeReader reader) => Tree<Dictionary<TKey, TValue>>.Node.Unflatten(ref reader);
}

internal sealed class FlattedDictNode<T> : TreeNode<FlattedDict<T>>
{
    public override void Flatten(FlattedDict<T> value, TreeWriter writer)
    {
        writer.AddToken(value?.Count);
        if (value is null) return;
        var index = 0;
        foreach (var (path, item) in value)
        {
            writer.AddToken(path);
            writer.AddItem(item, index++, value.Count);
        }
    }

    public override FlattedDict<T> Unflatten(ref TreeReader reader)
    {
        if (reader.ReadToken() is not int count) return null!;
        var items = new KeyValuePair<StatePath, T>[count];
        for (var i = 0; i < count; i++) items[i] = new((StatePath)reader.ReadToken()!, Tree<T>.Node.Unflatten(ref reader));
        return new(items);
    }
}

internal sealed class NestedDictNode<T> : TreeNode<NestedDict<T>>
{
    public override void Flatten(NestedDict<T> value, TreeWriter writer) => Tree<FlattedDict<T>>.Node.Flatten(value?.ToFlat()!, writer);

    public override NestedDict<T> Unflatten(ref TreeReader reader) => Tree<FlattedDict<T>>.Node.Unflatten(ref reader)?.ToNested()!;
}

/// <summary>A snapshot of a State: its value, and what else it is as a static part.</summary>
internal sealed class TreefyStateNode : TreeNode<TreefyState>
{
    public override void Flatten(TreefyState value, TreeWriter writer)
    {
        writer.AddToken(value?.Remainder);
        if (value is not null) writer.AddItem(value.Value, 0, 1);
    }

    public override TreefyState Unflatten(ref TreeReader reader) => reader.ReadToken() is TreefyState.Kind kind ? kind.With(reader.ReadLeaf()!) : null!;
}
