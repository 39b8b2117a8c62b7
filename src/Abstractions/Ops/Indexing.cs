namespace BrainState.Ops;

/// <summary>What <see cref="Gather"/> and <see cref="Scattering"/> do with indices whose window does not lie inside the operand.</summary>
public enum IndexMode
{
    /// <summary>The window is moved inside.</summary>
    Clip,
    /// <summary>Gathering gives the fill value for the whole window, scattering ignores the whole window.</summary>
    FillOrDrop,
    /// <summary>The caller promises that there are none; otherwise as <see cref="Clip"/>.</summary>
    PromiseInBounds,
}

/// <summary>
/// How the axes of <see cref="Gather"/>'s operand (x), indices and result belong together. The last axis of the indices holds index vectors; its
/// other axes are batch axes of the result.
/// </summary>
/// <param name="OffsetDims">Axes of the result that run through a window, ascending; the others are the batch axes of the indices, in order.</param>
/// <param name="CollapsedSliceDims">Axes of x on which windows have size 1 and which the result lacks, ascending.</param>
/// <param name="StartIndexMap">The axis of x that each component of an index vector indexes.</param>
/// <param name="OperandBatchingDims">Axes of x that run along with axes of the indices and which the result lacks, ascending.</param>
/// <param name="StartIndicesBatchingDims">The axes of the indices that they run along with, in the same order.</param>
public sealed record GatherDimensionNumbers(
    ValueArray<int> OffsetDims, ValueArray<int> CollapsedSliceDims, ValueArray<int> StartIndexMap,
    ValueArray<int> OperandBatchingDims = default, ValueArray<int> StartIndicesBatchingDims = default);

/// <summary>
/// One window of fixed size from the first operand x per index vector of the second, integer, operand: result[batch…, offset…] =
/// x[start(indices[batch…]) + offset], with axes arranged as in <see cref="GatherDimensionNumbers"/>.
/// </summary>
/// <remarks>
/// (C1) The indices are integers of rank ≥ 1 whose last axis has the size of start_index_map. (C2) Windows have one size per axis of x, between 0 and the
/// axis' size, and 1 on collapsed and batching axes, or 0 on a batching axis of size 0. (C3) offset_dims are distinct ascending axes of the result, one for each axis of x that is neither
/// collapsed nor batching. (C4) Collapsed and batching axes are distinct ascending axes of x. (C5) start_index_map are distinct axes of x that are not
/// batching. (C6) Batching axes come in pairs of equal size. The fill value, used by <see cref="IndexMode.FillOrDrop"/> only, defaults to NaN, the
/// smallest signed and the largest unsigned integer, and true; a given one is converted as by <see cref="ConvertElementType"/>.
/// </remarks>
public sealed record Gather(GatherDimensionNumbers DimensionNumbers, ValueArray<int> SliceSizes, IndexMode Mode, double? FillValue = null) : Op
{
    /// <inheritdoc/>
    public override string Name => "gather";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters =>
    [
        new("collapsed_slice_dims", DimensionNumbers.CollapsedSliceDims), new("fill_value", FillValue), new("mode", Mode.ToString()),
        new("offset_dims", DimensionNumbers.OffsetDims), new("operand_batching_dims", DimensionNumbers.OperandBatchingDims), new("slice_sizes", SliceSizes),
        new("start_index_map", DimensionNumbers.StartIndexMap), new("start_indices_batching_dims", DimensionNumbers.StartIndicesBatchingDims),
    ];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 2);
        var (x, indices, d) = (operands[0], operands[1], DimensionNumbers);
        Require(indices.DType.IsInteger && indices.Rank > 0 && indices.Shape[^1] == d.StartIndexMap.Count, "C1",
            $"the indices must be integers with a last axis of size {d.StartIndexMap.Count}, but are {indices}");
        Require(SliceSizes.Count == x.Rank, "C2", $"it needs one window size per axis of {x}, but has {SliceSizes}");
        IndexingRules.RequireOperandAxes(this, x, indices, d.CollapsedSliceDims, d.StartIndexMap, d.OperandBatchingDims, d.StartIndicesBatchingDims);
        int[] absent = [.. d.CollapsedSliceDims, .. d.OperandBatchingDims];
        for (var i = 0; i < x.Rank; i++)
        {
            var (size, isAbsent) = (SliceSizes[i], absent.Contains(i));
            Require(size >= 0 && size <= x.Shape[i] && (!isAbsent || size == (d.OperandBatchingDims.Contains(i) ? Math.Min(1, x.Shape[i]) : 1)), "C2",
                $"axis {i} of {x} has no window of size {size}{(isAbsent ? " that can be left out" : "")}");
        }

        var rank = indices.Rank - 1 + d.OffsetDims.Count;
        Require(d.OffsetDims.Count == x.Rank - absent.Length, "C3", $"offset_dims must name {x.Rank - absent.Length} axes, but are {d.OffsetDims}");
        IndexingRules.RequireAscending(this, d.OffsetDims, rank, "C3", "offset_dims");
        var offsets = new Queue<int>(Enumerable.Range(0, x.Rank).Except(absent).Select(i => SliceSizes[i]));
        var batch = new Queue<int>(indices.Shape.SkipLast(1));
        return [x.With(Shape.Create([.. Enumerable.Range(0, rank).Select(axis => d.OffsetDims.Contains(axis) ? offsets.Dequeue() : batch.Dequeue())]))];
    }

    internal static Gather Read(OpParameters p) => new(
        new(p.Ints("offset_dims"), p.Ints("collapsed_slice_dims"), p.Ints("start_index_map"), p.Ints("operand_batching_dims"), p.Ints("start_indices_batching_dims")),
        p.Ints("slice_sizes"), p.Enum<IndexMode>("mode"), p.Has("fill_value") ? p.Double("fill_value") : null);
}

/// <summary>
/// How the axes of a <see cref="Scattering"/>'s operand (x), indices and updates belong together: the inverse of <see cref="GatherDimensionNumbers"/>.
/// </summary>
/// <param name="UpdateWindowDims">Axes of the updates that run through a window, ascending; the others are the batch axes of the indices, in order.</param>
/// <param name="InsertedWindowDims">Axes of x on which windows have size 1 and which the updates lack, ascending.</param>
/// <param name="ScatterDimsToOperandDims">The axis of x that each component of an index vector indexes.</param>
/// <param name="OperandBatchingDims">Axes of x that run along with axes of the indices and which the updates lack, ascending.</param>
/// <param name="ScatterIndicesBatchingDims">The axes of the indices that they run along with, in the same order.</param>
public sealed record ScatterDimensionNumbers(
    ValueArray<int> UpdateWindowDims, ValueArray<int> InsertedWindowDims, ValueArray<int> ScatterDimsToOperandDims,
    ValueArray<int> OperandBatchingDims = default, ValueArray<int> ScatterIndicesBatchingDims = default);

/// <summary>
/// The first operand x with windows combined with those of the third, the updates, at the positions given by the second, the integer indices. Windows are
/// combined one after the other in row-major order of the index vectors, so that of overlapping updates the last replaces the others. A window that does not fit into
/// x at all, on an axis of size 0, is ignored in every mode.
/// </summary>
/// <remarks>
/// (C1) The indices are integers of rank ≥ 1 whose last axis has the size of scatter_dims_to_operand_dims. (C2) The updates have the dtype of x, which the op accepts.
/// (C3) update_window_dims are distinct ascending axes of the updates, one for each axis of x that is neither inserted nor batching, and not larger than it; the other
/// axes are those of the indices without the last. (C4) Inserted and batching axes are distinct ascending axes of x. (C5) scatter_dims_to_operand_dims are
/// distinct axes of x that are not batching. (C6) Batching axes come in pairs of equal size. <see cref="UniqueIndices"/> promises that no two windows overlap.
/// </remarks>
public abstract record Scattering(ScatterDimensionNumbers DimensionNumbers, IndexMode Mode, bool UniqueIndices) : Op
{
    /// <summary>The kinds of dtype the op accepts.</summary>
    public abstract DTypeKinds Accepts { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<OpParameter> Parameters =>
    [
        new("inserted_window_dims", DimensionNumbers.InsertedWindowDims), new("mode", Mode.ToString()),
        new("operand_batching_dims", DimensionNumbers.OperandBatchingDims), new("scatter_dims_to_operand_dims", DimensionNumbers.ScatterDimsToOperandDims),
        new("scatter_indices_batching_dims", DimensionNumbers.ScatterIndicesBatchingDims), new("unique_indices", UniqueIndices),
        new("update_window_dims", DimensionNumbers.UpdateWindowDims),
    ];

    /// <inheritdoc/>
    public sealed override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 3);
        var (x, indices, updates, d) = (operands[0], operands[1], operands[2], DimensionNumbers);
        Require(indices.DType.IsInteger && indices.Rank > 0 && indices.Shape[^1] == d.ScatterDimsToOperandDims.Count, "C1",
            $"the indices must be integers with a last axis of size {d.ScatterDimsToOperandDims.Count}, but are {indices}");
        Require(updates.DType == x.DType, "C2", $"the updates must have the dtype of {x}, but are {updates}");
        RequireKind(x, Accepts, "C2");
        IndexingRules.RequireOperandAxes(this, x, indices, d.InsertedWindowDims, d.ScatterDimsToOperandDims, d.OperandBatchingDims, d.ScatterIndicesBatchingDims);
        IndexingRules.RequireAscending(this, d.UpdateWindowDims, updates.Rank, "C3", "update_window_dims");
        int[] windowed = [.. Enumerable.Range(0, x.Rank).Except(d.InsertedWindowDims).Except(d.OperandBatchingDims)];
        Require(windowed.Length == d.UpdateWindowDims.Count, "C3", $"update_window_dims must name {windowed.Length} axes, but are {d.UpdateWindowDims}");
        for (var i = 0; i < windowed.Length; i++)
            Require(updates.Shape[d.UpdateWindowDims[i]] <= x.Shape[windowed[i]], "C3", $"axis {d.UpdateWindowDims[i]} of the updates {updates} does not fit into axis {windowed[i]} of {x}");
        var batch = updates.Shape.Without(d.UpdateWindowDims.Span);
        Require(batch.SequenceEqual(indices.Shape.SkipLast(1)), "C3", $"the updates {updates} must have the axes of the indices {indices} beside the window's");
        return [x];
    }

    internal static Op Read(OpParameters p, Func<ScatterDimensionNumbers, IndexMode, bool, Op> make) => make(
        new(p.Ints("update_window_dims"), p.Ints("inserted_window_dims"), p.Ints("scatter_dims_to_operand_dims"),
            p.Ints("operand_batching_dims"), p.Ints("scatter_indices_batching_dims")),
        p.Enum<IndexMode>("mode"), p.Bool("unique_indices"));
}

/// <summary>Updates replace what is there.</summary>
public sealed record Scatter(ScatterDimensionNumbers DimensionNumbers, IndexMode Mode, bool UniqueIndices) : Scattering(DimensionNumbers, Mode, UniqueIndices)
{
    /// <inheritdoc/>
    public override string Name => "scatter";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Any;
}

/// <summary>Updates are added; integers wrap around, float16 and bfloat16 are rounded at each addition.</summary>
public sealed record ScatterAdd(ScatterDimensionNumbers DimensionNumbers, IndexMode Mode, bool UniqueIndices) : Scattering(DimensionNumbers, Mode, UniqueIndices)
{
    /// <inheritdoc/>
    public override string Name => "scatter_add";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>Updates are multiplied; integers wrap around, float16 and bfloat16 are rounded at each multiplication.</summary>
public sealed record ScatterMul(ScatterDimensionNumbers DimensionNumbers, IndexMode Mode, bool UniqueIndices) : Scattering(DimensionNumbers, Mode, UniqueIndices)
{
    /// <inheritdoc/>
    public override string Name => "scatter_mul";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>The smaller of update and what is there, as <see cref="Min"/>.</summary>
public sealed record ScatterMin(ScatterDimensionNumbers DimensionNumbers, IndexMode Mode, bool UniqueIndices) : Scattering(DimensionNumbers, Mode, UniqueIndices)
{
    /// <inheritdoc/>
    public override string Name => "scatter_min";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real | DTypeKinds.Bool;
}

/// <summary>The larger of update and what is there, as <see cref="Max"/>.</summary>
public sealed record ScatterMax(ScatterDimensionNumbers DimensionNumbers, IndexMode Mode, bool UniqueIndices) : Scattering(DimensionNumbers, Mode, UniqueIndices)
{
    /// <inheritdoc/>
    public override string Name => "scatter_max";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real | DTypeKinds.Bool;
}

/// <summary>Constraints that gathers and scatters share.</summary>
internal static class IndexingRules
{
    public static void RequireOperandAxes(
        Op op, TensorSpec x, TensorSpec indices, ValueArray<int> absent, ValueArray<int> indexed, ValueArray<int> operandBatching, ValueArray<int> indexBatching)
    {
        RequireAscending(op, absent, x.Rank, "C4", "the axes that windows lack");
        RequireAscending(op, operandBatching, x.Rank, "C4", "operand_batching_dims");
        Require(!absent.Intersect(operandBatching).Any(), "C4", $"axes {absent} and {operandBatching} must be different");
        Require(indexed.Distinct().Count() == indexed.Count && indexed.All(a => a >= 0 && a < x.Rank) && !indexed.Intersect(operandBatching).Any(), "C5",
            $"index vectors must index distinct axes of {x} that are not batching, but index {indexed}");
        Require(operandBatching.Count == indexBatching.Count && indexBatching.Distinct().Count() == indexBatching.Count
            && indexBatching.All(a => a >= 0 && a < indices.Rank - 1), "C6", $"batching axes must come in pairs, but are {operandBatching} and {indexBatching}");
        for (var i = 0; i < operandBatching.Count; i++)
            Require(x.Shape[operandBatching[i]] == indices.Shape[indexBatching[i]], "C6",
                $"axis {operandBatching[i]} of {x} and axis {indexBatching[i]} of {indices} must have the same size");

        void Require(bool holds, string label, string message)
        {
            if (!holds) throw new OpConstraintException(op, label, message);
        }
    }

    public static void RequireAscending(Op op, ValueArray<int> axes, int rank, string label, string name)
    {
        for (var i = 0; i < axes.Count; i++)
            if (axes[i] < 0 || axes[i] >= rank || (i > 0 && axes[i] <= axes[i - 1]))
                throw new OpConstraintException(op, label, $"{name} must be ascending axes in [0, {rank}), but are {axes}");
    }
}
