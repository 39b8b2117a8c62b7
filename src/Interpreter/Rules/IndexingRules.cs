using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Windows at computed positions.</summary>
internal static class IndexingRules
{
    public static void AddTo(RuleTable table)
    {
        table.Add<Gather>(Gathered);
        AddScatter<Scatter>(table, combine: null);
        AddScatter<ScatterAdd>(table, Monoid.Sum);
        AddScatter<ScatterMul>(table, Monoid.Product);
        AddScatter<ScatterMin>(table, Monoid.Min);
        AddScatter<ScatterMax>(table, Monoid.Max);
    }

    private static HostValue Gathered(Gather op, Step step)
    {
        var (x, indices, d) = (step.X, step.Y, op.DimensionNumbers);
        var windows = new Windows(x.Spec.Shape, op.SliceSizes.ToArray(), indices, op.Mode, d.StartIndexMap, d.OperandBatchingDims, d.StartIndicesBatchingDims);
        int[] windowed = Except(x.Spec.Rank, d.CollapsedSliceDims, d.OperandBatchingDims), batch = Except(step.Result.Rank, d.OffsetDims);
        var fill = Fill(op, x.Spec.DType);
        return Positions.Generate(step.Result, index =>
        {
            if (windows.Start([.. batch.Select(axis => index[axis])]) is not { } source) return fill;
            for (var i = 0; i < windowed.Length; i++) source[windowed[i]] += index[d.OffsetDims[i]];
            return x.At(source);
        });
    }

    private static Scalar Fill(Gather op, DType dtype) => op.FillValue is { } fill ? Scalar.Of(dtype, fill) : dtype.Kind switch
    {
        DTypeKinds.Floating or DTypeKinds.Complex => Scalar.Of(dtype, double.NaN),
        DTypeKinds.Signed => Number.Wrap(dtype, Monoid.Smallest(dtype)),
        _ => Number.Wrap(dtype, Monoid.Largest(dtype)),
    };

    private static void AddScatter<TOp>(RuleTable table, Monoid? combine) where TOp : Scattering => table.Add<TOp>((op, step) =>
    {
        var (x, indices, updates, d) = (step.X, step.Y, step.Operands[2], op.DimensionNumbers);
        int[] windowed = Except(x.Spec.Rank, d.InsertedWindowDims, d.OperandBatchingDims), batch = Except(updates.Spec.Rank, d.UpdateWindowDims);
        var sizes = Enumerable.Repeat(1, x.Spec.Rank).ToArray();
        for (var i = 0; i < windowed.Length; i++) sizes[windowed[i]] = updates.Spec.Shape[d.UpdateWindowDims[i]];
        var windows = new Windows(x.Spec.Shape, sizes, indices, op.Mode, d.ScatterDimsToOperandDims, d.OperandBatchingDims, d.ScatterIndicesBatchingDims);

        var results = Enumerable.Range(0, x.Count).Select(i => x[i]).ToArray();
        var update = new int[updates.Spec.Rank];
        foreach (var at in Positions.All(Select(updates.Spec.Shape, batch)))
        {
            if (windows.Start(at) is not { } start) continue;
            for (var i = 0; i < batch.Length; i++) update[batch[i]] = at[i];
            foreach (var offset in Positions.All(Select(updates.Spec.Shape, d.UpdateWindowDims.ToArray())))
            {
                int[] target = [.. start];
                for (var i = 0; i < windowed.Length; i++)
                {
                    update[d.UpdateWindowDims[i]] = offset[i];
                    target[windowed[i]] += offset[i];
                }
                ref var element = ref results[Positions.Of(x.Spec.Shape, target)];
                element = combine is null ? updates.At(update) : combine.Fold(x.Spec.DType, [element, updates.At(update)]);
            }
        }
        return HostValue.Generate(step.Result, i => results[i]);
    });

    private static int[] Except(int rank, params ReadOnlySpan<ValueArray<int>> axes)
    {
        var rest = Enumerable.Range(0, rank);
        foreach (var some in axes) rest = rest.Except(some);
        return [.. rest];
    }

    private static Shape Select(Shape shape, int[] axes) => Shape.Create([.. axes.Select(axis => shape[axis])]);

    /// <summary>Where the windows of given sizes begin in a tensor of a given shape.</summary>
    private sealed record Windows(
        Shape Shape, int[] Sizes, HostValue Indices, IndexMode Mode, ValueArray<int> Indexed, ValueArray<int> OperandBatching, ValueArray<int> IndexBatching)
    {
        /// <summary>The first index of the window whose index vector is at <paramref name="batch"/>; null if there is no such window.</summary>
        public int[]? Start(int[] batch)
        {
            for (var axis = 0; axis < Shape.Rank; axis++)
                if (Sizes[axis] > Shape[axis]) return null;
            var start = new int[Shape.Rank];
            for (var i = 0; i < Indexed.Count; i++)
            {
                var axis = Indexed[i];
                var (wanted, last) = (Number.Integer(Indices.At([.. batch, i])), Shape[axis] - Sizes[axis]);
                if (Mode == IndexMode.FillOrDrop && (wanted < 0 || wanted > last)) return null;
                start[axis] = (int)Int128.Clamp(wanted, 0, last);
            }
            for (var i = 0; i < OperandBatching.Count; i++) start[OperandBatching[i]] = batch[IndexBatching[i]];
            return start;
        }
    }
}
