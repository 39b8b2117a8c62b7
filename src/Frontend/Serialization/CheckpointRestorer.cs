using System.Globalization;

namespace BrainState.Serialization;

/// <summary>
/// Fits the tree of a file into a target. This changes nothing: the values for the target's States are collected in <see cref="Changes"/>, and
/// what does not fit in <see cref="Mismatches"/>.
/// </summary>
sealed class CheckpointRestorer
{
    readonly List<string> path = [];

    /// <summary>What does not fit, in the order of the target.</summary>
    public List<string> Mismatches { get; } = [];

    /// <summary>The States of the target with the values they get.</summary>
    public List<(State State, Tensor Value)> Changes { get; } = [];

    /// <summary>What the target becomes: its structure with the values of the file, and with itself where they do not fit.</summary>
    /// <param name="target">The target.</param>
    /// <param name="saved">The tree of the file, as <see cref="MsgPack"/> unpacks it.</param>
    /// <param name="slot">The type that the result must have.</param>
    /// <exception cref="NotSupportedException">A container of the target cannot be built with other values.</exception>
    public object? Restore(object? target, object? saved, Type slot)
    {
        switch (target)
        {
            case State state:
                if (Array(state.Spec.Shape, saved) is { } value)
                    Changes.Add((state, value));
                return state;
            case TreefyState snapshot:
                return Array(snapshot.Value.Shape, saved) is { } other ? snapshot.Replace(other) : snapshot;
            case Tensor tensor:
                return Array(tensor.Shape, saved) ?? tensor;
            case null or string or byte[]:
                return Leaf(target, saved, slot);
            default:
                return Container.Of(target, slot) is { } container ? Items(target, container, saved) : Leaf(target, saved, slot);
        }
    }

    /// <summary>A tensor of the file; null if there is none. Another shape than expected is a mismatch, but the tensor is taken.</summary>
    Tensor? Array(Shape expected, object? saved)
    {
        if (TensorLeaf.ToTensor(saved) is not { } tensor)
        {
            WrongKind("an array", saved);
            return null;
        }

        if (tensor.Shape != expected)
            Mismatches.Add($"Array shape mismatch: expected {expected}, got {tensor.Shape} at path {Path}");
        return tensor;
    }

    object? Items(object target, Container container, object? saved)
    {
        if (EntriesOf(saved) is not { } entries)
        {
            WrongKind(container.IsList ? "a list" : "a map", saved);
            return Kept(target);
        }

        var missing = container.Items.Where(item => !entries.ContainsKey(item.Key)).Select(static item => $"'{item.Key}'").ToList();
        if (container.IsList && entries.Count != container.Items.Count)
            Mismatches.Add(
                $"The size of the list and the state dict do not match, got {container.Items.Count} and {entries.Count} at path {Path}");
        else if (missing.Count > 0)
            Mismatches.Add(
                $"The target dict keys and state dict keys do not match, target dict contains keys {{{string.Join(", ", missing)}}} which are "
                + $"not present in state dict at path {Path}");

        return container.Build([.. container.Items.Select(item => entries.TryGetValue(item.Key, out var value) ? Item(item, value) : Kept(item.Value))]);
    }

    object? Item(ContainerItem item, object? saved)
    {
        path.Add(item.Key);
        var value = Restore(item.Value, saved, item.Slot);
        path.RemoveAt(path.Count - 1);
        return value;
    }

    /// <summary>A part of the target for which the file has nothing.</summary>
    static object? Kept(object? value) => value is Container level ? level.Build([.. level.Items.Select(static item => Kept(item.Value))]) : value;

    /// <summary>A value that is neither tensor nor container: of the type of the target if it can be, else anything that may be in its place.</summary>
    object? Leaf(object? target, object? saved, Type slot)
    {
        var free = Nullable.GetUnderlyingType(slot) ?? slot;
        var type = target?.GetType() ?? free;
        var value = CheckpointTree.Read(saved);
        if (value is null ? !slot.IsValueType || free != slot : type.IsInstanceOfType(value))
            return value;
        if (type == typeof(Tensor) && TensorLeaf.ToTensor(saved) is { } tensor)
            return tensor;
        if (TensorLeaf.ToNumber(saved) is { } number && NumberConversion.To(type, number) is { } converted)
            return converted;
        if (value is not null && free.IsInstanceOfType(value))
            return value;

        WrongKind(type.Name, saved);
        return target;
    }

    void WrongKind(string expected, object? saved) => Mismatches.Add($"Value mismatch: expected {expected}, got {Describe(saved)} at path {Path}");

    /// <summary>The children of a map, or of a list that another program wrote; null for leaves.</summary>
    static IReadOnlyDictionary<string, object?>? EntriesOf(object? saved) => saved switch
    {
        OrderedDictionary<string, object?> map => map,
        object?[] list => Enumerable.Range(0, list.Length).ToDictionary(static i => i.ToString(CultureInfo.InvariantCulture), i => list[i]),
        _ => null,
    };

    static string Describe(object? saved) => saved switch
    {
        null => "null",
        OrderedDictionary<string, object?> => "a map",
        object?[] => "a list",
        ArrayLeaf array => array.ToString(),
        ExtLeaf extension => $"an extension value of type {extension.Code}",
        byte[] => "bytes",
        string => "a text",
        _ => System.Convert.ToString(saved, CultureInfo.InvariantCulture)!,
    };

    string Path => CheckpointTree.PathText(path);
}
