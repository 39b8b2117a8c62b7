using BrainState;
using BrainState.BackendKit;
using BrainState.Ops;

namespace Acme.Fast;

/// <summary>Ops that move elements about without looking at them, so that all dtypes have the same kernel.</summary>
internal static class Shaping
{
    /// <summary>The kernel of an op, or null if it does not move elements or has no kernel yet.</summary>
    public static Kernel? Find(Op op) => op switch
    {
        Reshape => static (inputs, outputs) => inputs[0].Bytes.CopyTo(outputs[0].Bytes),
        Transpose transpose => Walk(operand =>
        {
            var strides = operand.RowMajorStrides();
            return [.. transpose.Permutation.Select(axis => strides[axis])];
        }),
        BroadcastInDim broadcast => Walk(operand =>
        {
            var strides = operand.RowMajorStrides();
            var steps = new long[broadcast.Shape.Rank];
            for (var axis = 0; axis < operand.Rank; axis++)
                if (operand[axis] > 1)
                    steps[broadcast.BroadcastDimensions[axis]] = strides[axis];
            return steps;
        }),
        _ => null,
    };

    /// <summary>Fills the result row by row from an operand that is walked with other strides: by how many elements to go on along each axis of the result.</summary>
    private static Kernel Walk(Func<Shape, long[]> stridesFor) => (inputs, outputs) =>
    {
        var (source, target) = (inputs[0], outputs[0]);
        var strides = stridesFor(source.Spec.Shape);
        var (shape, size) = (target.Spec.Shape, target.Spec.DType.Size);
        var index = new int[shape.Rank];
        var from = 0L;
        for (var to = 0; to < target.Bytes.Length; to += size)
        {
            source.Bytes.Slice((int)from * size, size).CopyTo(target.Bytes[to..]);
            for (var axis = shape.Rank - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++index[axis] < shape[axis]) break;
                from -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
    };
}
