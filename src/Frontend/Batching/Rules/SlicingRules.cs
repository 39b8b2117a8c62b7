using BrainState.Ops;
using static BrainState.Batching.BatchRules;

namespace BrainState.Batching;

/// <summary>Batching of slices, gathers and scatters. Blocks at other positions in each lane are gathered and scattered.</summary>
internal static class SlicingRules
{
    public static void Define()
    {
        Unary<Slice>(static (op, axis) => new Slice([0, .. op.StartIndices], [axis.Size, .. op.LimitIndices], [1, .. op.Strides]));
        Table.Define<DynamicSlice>(static (op, operands, axis) =>
        {
            var (x, starts, sizes) = (operands[0], operands[1..], ((DynamicSlice)op).SliceSizes);
            if (!starts.Any(static s => s.IsBatched)) return [Lanes.Batched(Lax.DynamicSlice(x.Value, FromTheFront(starts), [axis.Size, .. sizes]))];
            var all = ValueArray.Range(x.Rank);
            return Gathered(new(new(OffsetDims: all, CollapsedSliceDims: [], StartIndexMap: all), sizes, IndexMode.Clip), x, Positions(starts, axis), axis);
        });
        Table.Define<DynamicUpdateSlice>(static (op, operands, axis) =>
        {
            var (x, update, starts) = (operands[0], operands[1], operands[2..]);
            if (!starts.Any(static s => s.IsBatched)) return [Lanes.Batched(Lax.DynamicUpdateSlice(x.Repeated(axis), update.Repeated(axis), FromTheFront(starts)))];
            var all = ValueArray.Range(x.Rank);
            return Scattered(new Scatter(new(UpdateWindowDims: all, InsertedWindowDims: [], ScatterDimsToOperandDims: all), IndexMode.Clip, UniqueIndices: true), x, Positions(starts, axis), update, axis);
        });
        Table.Define<Gather>(static (op, operands, axis) => Gathered((Gather)op, operands[0], operands[1], axis));
        Table.Define<Scattering>(static (op, operands, axis) => Scattered((Scattering)op, operands[0], operands[1], operands[2], axis));
    }

    /// <summary>The starts for a block that takes all lanes.</summary>
    private static Tensor[] FromTheFront(Lanes[] starts)
    {
        var dtype = starts.Length == 0 ? DType.Int32 : starts[0].Value.DType;
        return [Lax.ConvertElementType(0, dtype), .. starts.Select(static s => s.Value)];
    }

    /// <summary>The starts of each lane as one index vector.</summary>
    private static Lanes Positions(Lanes[] starts, BatchAxis axis) =>
        Lanes.Batched(Lax.Concatenate(Array.ConvertAll(starts, s => Lax.Reshape(s.Repeated(axis), [axis.Size, 1])), 1));

    private static Lanes[] Gathered(Gather gather, Lanes x, Lanes indices, BatchAxis axis)
    {
        var d = gather.DimensionNumbers;
        if (x.IsBatched)
        {
            // Indices that all lanes share take a window through all lanes; otherwise the lanes of both run along with each other.
            d = d with
            {
                CollapsedSliceDims = Shifted(d.CollapsedSliceDims),
                StartIndexMap = Shifted(d.StartIndexMap),
                OperandBatchingDims = indices.IsBatched ? Behind(d.OperandBatchingDims) : Shifted(d.OperandBatchingDims),
            };
            gather = gather with { SliceSizes = [indices.IsBatched ? Math.Min(1, axis.Size) : axis.Size, .. gather.SliceSizes] };
        }
        if (indices.IsBatched)
            d = d with { StartIndicesBatchingDims = x.IsBatched ? Behind(d.StartIndicesBatchingDims) : Shifted(d.StartIndicesBatchingDims) };
        d = d with { OffsetDims = indices.IsBatched ? Shifted(d.OffsetDims) : Behind(d.OffsetDims) };
        return [Lanes.Batched(Lax.One(gather with { DimensionNumbers = d }, x.Value, indices.Value))];
    }

    private static Lanes[] Scattered(Scattering scatter, Lanes x, Lanes indices, Lanes updates, BatchAxis axis)
    {
        // As with gathers: a window through all lanes, or lanes that run along with each other.
        var d = scatter.DimensionNumbers;
        d = d with { InsertedWindowDims = Shifted(d.InsertedWindowDims), ScatterDimsToOperandDims = Shifted(d.ScatterDimsToOperandDims) };
        d = indices.IsBatched
            ? d with
            {
                UpdateWindowDims = Shifted(d.UpdateWindowDims),
                OperandBatchingDims = Behind(d.OperandBatchingDims),
                ScatterIndicesBatchingDims = Behind(d.ScatterIndicesBatchingDims),
            }
            : d with { UpdateWindowDims = Behind(d.UpdateWindowDims), OperandBatchingDims = Shifted(d.OperandBatchingDims) };
        return [Lanes.Batched(Lax.One(scatter with { DimensionNumbers = d }, x.Repeated(axis), indices.Value, updates.Repeated(axis)))];
    }
}
