using BrainState.Ops;
using static BrainState.Batching.BatchRules;

namespace BrainState.Batching;

/// <summary>Batching of slices.</summary>
internal static class SlicingRules
{
    public static void Define()
    {
        Unary<Slice>(static (op, axis) => new Slice([0, .. op.StartIndices], [axis.Size, .. op.LimitIndices], [1, .. op.Strides]));
        Table.Define<DynamicSlice>(static (op, operands, axis) =>
        {
            var starts = operands[1..];
            if (starts.Any(static s => s.IsBatched)) return LaneByLane.Apply(op, operands, axis);
            return [Lanes.Batched(Lax.DynamicSlice(operands[0].Value, FromTheFront(starts), [axis.Size, .. ((DynamicSlice)op).SliceSizes]))];
        });
        Table.Define<DynamicUpdateSlice>(static (op, operands, axis) =>
        {
            var starts = operands[2..];
            if (starts.Any(static s => s.IsBatched)) return LaneByLane.Apply(op, operands, axis);
            return [Lanes.Batched(Lax.DynamicUpdateSlice(operands[0].Repeated(axis), operands[1].Repeated(axis), FromTheFront(starts)))];
        });
    }

    /// <summary>The starts for a block that takes all lanes.</summary>
    private static Tensor[] FromTheFront(Lanes[] starts)
    {
        var dtype = starts.Length == 0 ? DType.Int32 : starts[0].Value.DType;
        return [Lax.ConvertElementType(0, dtype), .. starts.Select(static s => s.Value)];
    }
}
