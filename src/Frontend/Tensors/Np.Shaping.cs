using BrainState.Execution;
using BrainState.Ops;

namespace BrainState;

/// <content>Shapes and joining.</content>
public static partial class Np
{
    /// <summary>The same elements in row-major order under another shape; one size may be −1 and is then inferred.</summary>
    /// <exception cref="ArgumentException">The number of elements would change.</exception>
    public static Tensor Reshape(Tensor x, params ReadOnlySpan<int> shape)
    {
        var sizes = shape.ToArray();
        var unknown = System.Array.IndexOf(sizes, -1);
        if (unknown >= 0)
        {
            var known = 1L;
            for (var i = 0; i < sizes.Length; i++) known *= i == unknown ? 1 : sizes[i];
            if (known <= 0 || x.Size % known != 0)
                throw new ArgumentException($"A tensor of shape {x.Shape} with {x.Size} elements cannot be reshaped to ({string.Join(", ", sizes)}).", nameof(shape));
            sizes[unknown] = checked((int)(x.Size / known));
        }
        return Lax.Reshape(x, sizes);
    }

    /// <summary>Axes in the given order, or reversed.</summary>
    public static Tensor Transpose(Tensor x, int[]? axes = null) =>
        Lax.Transpose(x, axes is null
            ? Enumerable.Range(0, x.Rank).Reverse().ToValueArray()
            : axes.Select(axis => Axes.Normalize(axis, x.Rank)).ToValueArray());

    /// <summary>Two axes exchanged.</summary>
    public static Tensor SwapAxes(Tensor x, int first, int second)
    {
        var order = Enumerable.Range(0, x.Rank).ToArray();
        (first, second) = (Axes.Normalize(first, x.Rank), Axes.Normalize(second, x.Rank));
        (order[first], order[second]) = (second, first);
        return Lax.Transpose(x, order.ToValueArray());
    }

    /// <summary>One axis moved to another place, the others in order.</summary>
    public static Tensor MoveAxis(Tensor x, int source, int destination)
    {
        (source, destination) = (Axes.Normalize(source, x.Rank), Axes.Normalize(destination, x.Rank));
        var order = Enumerable.Range(0, x.Rank).Where(axis => axis != source).ToList();
        order.Insert(destination, source);
        return Lax.Transpose(x, order.ToValueArray());
    }

    /// <summary>x without axes of size 1: all of them, or the given ones.</summary>
    /// <exception cref="ArgumentException">A given axis has another size.</exception>
    public static Tensor Squeeze(Tensor x, params int[] axes)
    {
        var dropped = axes.Length == 0 ? Enumerable.Range(0, x.Rank).Where(a => x.Shape[a] == 1).ToArray() : Axes.Create(axes).Of(x.Rank).ToArray();
        foreach (var axis in dropped)
            if (x.Shape[axis] != 1)
                throw new ArgumentException($"Axis {axis} of {x.Spec} cannot be squeezed: its size is not 1.", nameof(axes));
        return Lax.Reshape(x, x.Shape.Without(dropped));
    }

    /// <summary>x with a new axis of size 1 at the given place.</summary>
    public static Tensor ExpandDims(Tensor x, int axis) => Lax.Reshape(x, x.Shape.Insert(Axes.Normalize(axis, x.Rank + 1), 1));

    /// <summary>x stretched to a shape by NumPy's rules.</summary>
    public static Tensor BroadcastTo(Tensor x, Shape shape) => Broadcasting.To(x, shape);

    /// <summary>Elements in reverse order along the given axes, or all.</summary>
    public static Tensor Flip(Tensor x, Axes axis = default) => Lax.Rev(x, axis.Of(x.Rank));

    /// <summary>Elements moved along an axis by a number of places; those that leave at one end enter at the other. Without an axis, in the flattened tensor.</summary>
    public static Tensor Roll(Tensor x, int shift, int? axis = null) => Composed.Run(nameof(Roll), (shift, axis), [x], static (s, operands) =>
    {
        var v = s.axis is null ? Reshape(operands[0], -1) : operands[0];
        var along = Axes.Normalize(s.axis ?? 0, v.Rank);
        if (v.Shape[along] == 0) return operands[0];
        var split = v.Shape[along] - (s.shift % v.Shape[along] + v.Shape[along]) % v.Shape[along];
        var rolled = Lax.Concatenate([Lax.SliceInDim(v, split, v.Shape[along], axis: along), Lax.SliceInDim(v, 0, split, axis: along)], along);
        return Lax.Reshape(rolled, operands[0].Shape);
    });

    /// <summary>Tensors joined along an axis, converted to their common dtype.</summary>
    public static Tensor Concatenate(ReadOnlySpan<Tensor> tensors, int axis = 0)
    {
        if (tensors.IsEmpty) throw new ArgumentException("There is nothing to concatenate.", nameof(tensors));
        return Composed.Run(nameof(Concatenate), axis, tensors, static (axis, operands) =>
        {
            var type = Promotion.Of(operands);
            return Lax.Concatenate(System.Array.ConvertAll(operands, o => Lax.ConvertElementType(o, type.DType)), Axes.Normalize(axis, operands[0].Rank));
        });
    }

    /// <summary>Tensors of one shape joined along a new axis.</summary>
    public static Tensor Stack(ReadOnlySpan<Tensor> tensors, int axis = 0)
    {
        if (tensors.IsEmpty) throw new ArgumentException("There is nothing to stack.", nameof(tensors));
        return Composed.Run(nameof(Stack), axis, tensors, static (axis, operands) =>
        {
            axis = Axes.Normalize(axis, operands[0].Rank + 1);
            return Concatenate(System.Array.ConvertAll(operands, o => ExpandDims(o, axis)), axis);
        });
    }

    /// <summary>x cut into <paramref name="sections"/> equal parts along an axis.</summary>
    /// <exception cref="ArgumentException">The axis is not divisible.</exception>
    public static Tensor[] Split(Tensor x, int sections, int axis = 0)
    {
        axis = Axes.Normalize(axis, x.Rank);
        if (sections < 1 || x.Shape[axis] % sections != 0)
            throw new ArgumentException($"Axis {axis} of {x.Spec} cannot be split into {sections} equal parts.", nameof(sections));
        var size = x.Shape[axis] / sections;
        var parts = new Tensor[sections];
        for (var i = 0; i < sections; i++)
        {
            var (start, limit) = (new int[x.Rank], x.Shape.ToArray());
            (start[axis], limit[axis]) = (i * size, (i + 1) * size);
            parts[i] = Lax.Slice(x, start.ToValueArray(), limit.ToValueArray());
        }
        return parts;
    }

    /// <summary>x surrounded by a constant: (before, after) for each axis.</summary>
    public static Tensor Pad(Tensor x, (int Before, int After)[] widths, double value = 0)
    {
        if (widths.Length != x.Rank) throw new ArgumentException($"There must be one width per axis of {x.Spec}, but there are {widths.Length}.", nameof(widths));
        return Lax.Pad(x, value, widths.Select(static w => new PaddingConfig(w.Before, w.After, 0)).ToValueArray());
    }

    /// <summary>Elements sorted along an axis, NaNs last.</summary>
    public static Tensor Sort(Tensor x, int axis = -1) => Lax.Sort([x], Axes.Normalize(axis, x.Rank))[0];

    /// <summary>The positions that sort x along an axis, stably.</summary>
    public static Tensor ArgSort(Tensor x, int axis = -1) => Composed.Run(nameof(ArgSort), Axes.Normalize(axis, x.Rank), [x], static (axis, operands) =>
        Lax.Sort([operands[0], Lax.Iota(Environ.DefaultInteger, operands[0].Shape, axis)], axis)[1]);
}
