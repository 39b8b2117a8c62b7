using System.Numerics;

namespace BrainState.Serialization;

/// <summary>What a checkpoint holds for a target: the tree that <see cref="MsgPack"/> writes, and what an unknown target is read as.</summary>
sealed class CheckpointTree
{
    /// <summary>Keys from the root to the value being looked at.</summary>
    readonly List<string> path = [];

    /// <summary>The tree to write for a target. Tensors stay tensors, so that only one at a time is copied while the tree is written.</summary>
    /// <exception cref="ArgumentException">The target holds something that cannot be saved; the message names the path.</exception>
    /// <exception cref="TracedValueException">A tensor is traced.</exception>
    public static object? Of(object? target) => new CheckpointTree().Convert(target);

    /// <summary>What a tree of a file is without a target: maps and lists with tensors and .NET numbers.</summary>
    public static object? Read(object? saved) => saved switch
    {
        OrderedDictionary<string, object?> map => new OrderedDictionary<string, object?>(map.Select(static e => KeyValuePair.Create(e.Key, Read(e.Value)))),
        object?[] list => Array.ConvertAll(list, Read),
        ArrayLeaf { IsNumPyScalar: true } => TensorLeaf.ToNumber(saved) ?? saved,
        ArrayLeaf => TensorLeaf.ToTensor(saved) ?? saved,
        _ => saved,
    };

    /// <summary>A path as braintools writes it: <c>.</c> for the root, <c>./layer/0</c> inside.</summary>
    public static string PathText(List<string> keys) => string.Join('/', keys.Prepend("."));

    object? Convert(object? value) => value switch
    {
        null or bool or sbyte or short or int or long or byte or ushort or uint or ulong or BigInteger or Int128 or UInt128 => value,
        double or Complex or string or byte[] or ArrayLeaf or ExtLeaf => value,
        float number => TensorLeaf.OfNumber(number),
        Half number => TensorLeaf.OfNumber(number),
        BFloat16 number => TensorLeaf.OfNumber(number),
        Tensor tensor => Readable(tensor),
        State state => Readable(state.Value),
        TreefyState state => Readable(state.Value),
        _ => Map(value),
    };

    static Tensor Readable(Tensor tensor) => tensor.IsTraced ? throw TracedValueException.Read(tensor) : tensor;

    OrderedDictionary<string, object?> Map(object value)
    {
        if (path.Count >= MsgPackLimits.MaxDepth)
            throw new ArgumentException($"The tree is nested more than {MsgPackLimits.MaxDepth} levels deep, or cyclic.");

        var container = Open(value);
        var map = new OrderedDictionary<string, object?>(container.Items.Count);
        foreach (var item in container.Items)
        {
            path.Add(item.Key);
            map.Add(item.Key, Convert(item.Value));
            path.RemoveAt(path.Count - 1);
        }

        return map;
    }

    Container Open(object value)
    {
        try
        {
            if (Container.Of(value, value.GetType()) is { } container)
                return container;
        }
        catch (ArgumentException problem)
        {
            throw new ArgumentException($"{problem.Message} At path {PathText(path)}", problem);
        }

        throw new ArgumentException(
            $"Can not serialize '{value.GetType()}' object at path {PathText(path)}; a checkpoint takes States, modules, Tensors, null, bool, "
            + "numbers, string, byte[], and dictionaries, one-dimensional arrays, lists and tuples of these.");
    }
}
