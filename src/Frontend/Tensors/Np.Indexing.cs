using BrainState.Execution;

namespace BrainState;

/// <content>Elements at computed positions. Negative positions count from the end; positions outside the axis give NaN, or the smallest integer.</content>
public static partial class Np
{
    /// <summary>Slices of x at positions along an axis, which the axes of the positions replace; without an axis, elements of the flattened tensor.</summary>
    public static Tensor Take(Tensor x, Tensor indices, int? axis = null) => Composed.Run(nameof(Take), axis, [x, indices], static (axis, operands) =>
    {
        var source = axis is null ? Reshape(operands[0], -1) : operands[0];
        var along = Axes.Normalize(axis ?? 0, source.Rank);
        source = WithElements(source, along, operands[1]);
        var positions = FromStart(operands[1], source.Shape[along]);
        var offsets = Enumerable.Range(0, source.Rank + positions.Rank - 1).Where(a => a < along || a >= along + positions.Rank).ToValueArray();
        return Lax.Gather(source, ExpandDims(positions, positions.Rank), new(offsets, [along], [along]), source.Shape.With(along, 1).ToValueArray());
    });

    /// <summary>For each element of the positions, the element of x at that position along an axis and at the same place along the others, which are broadcast.</summary>
    public static Tensor TakeAlongAxis(Tensor x, Tensor indices, int axis) => Composed.Run(nameof(TakeAlongAxis), axis, [x, indices], static (axis, operands) =>
    {
        var (source, rank) = (operands[0], operands[0].Rank);
        var along = Axes.Normalize(axis, rank);
        if (operands[1].Rank != rank) throw new ArgumentException($"TakeAlongAxis needs positions with as many axes as {source.Spec}, but they are {operands[1].Spec}.");
        var common = Broadcasting.Of(source.Shape.With(along, 1), operands[1].Shape.With(along, 1));
        source = WithElements(source, along, operands[1]);
        source = Broadcasting.To(source, common.With(along, source.Shape[along]));
        var positions = FromStart(Broadcasting.To(operands[1], common.With(along, operands[1].Shape[along])), source.Shape[along]);
        var others = Enumerable.Range(0, rank).Where(a => a != along).ToValueArray();
        var window = source.Shape.Select(static size => Math.Min(1, size)).ToValueArray();
        return Lax.Gather(source, ExpandDims(positions, rank), new([], [along], [along], others, others), window);
    });

    /// <summary>The k largest elements along the last axis in descending order, and their positions.</summary>
    public static (Tensor Values, Tensor Indices) TopK(Tensor x, int k) => Lax.TopK(x, k);

    /// <summary>x, for positions along an axis to choose from. Where there is nothing to choose, positions must be missing too; the axis then gets a size at which nothing is read.</summary>
    /// <exception cref="IndexOutOfRangeException">There are positions, but the axis is empty.</exception>
    internal static Tensor WithElements(Tensor x, int axis, Tensor positions)
    {
        if (x.Shape[axis] > 0) return x;
        if (positions.Size > 0) throw new IndexOutOfRangeException($"Axis {axis} of {x.Spec} is empty, so that there is nothing at {positions.Size} positions.");
        return Lax.Full(x.Shape.With(axis, 1), 0, x.DType);
    }

    /// <summary>Positions counted from the start, from ones that may be negative.</summary>
    internal static Tensor FromStart(Tensor positions, int size)
    {
        if (!positions.DType.IsInteger) throw new ArgumentException($"Positions must be integers, but are {positions.Spec}.");
        if (positions.DType.Is(DTypeKinds.Unsigned)) return positions;
        var wide = positions.DType.Size < sizeof(int) ? Lax.ConvertElementType(positions, DType.Int32) : positions;
        return Lax.SelectN(Lax.Lt(wide, 0), wide, Lax.Add(wide, size));
    }
}
