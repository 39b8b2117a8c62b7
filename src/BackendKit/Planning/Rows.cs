using BrainState.Ops;

namespace BrainState.BackendKit.Planning;

/// <summary>Tensors as rows along an axis.</summary>
internal static class Rows
{
    /// <summary>The op that takes the row at a position, with the axis.</summary>
    public static Slice At(Shape shape, int axis, int position)
    {
        var (starts, limits, strides) = (new int[shape.Rank], shape.ToArray(), new int[shape.Rank]);
        Array.Fill(strides, 1);
        (starts[axis], limits[axis]) = (position, position + 1);
        return new(ValueArray.Create<int>(starts), ValueArray.Create<int>(limits), ValueArray.Create<int>(strides));
    }
}
