namespace BrainState.Ops;

/// <summary>Elements start, start + stride, … below limit of each axis.</summary>
/// <remarks>(C1) There are as many starts, limits and strides as axes. (C2) 0 ≤ start ≤ limit ≤ size. (C3) Strides are positive.</remarks>
public sealed record Slice(ValueArray<int> StartIndices, ValueArray<int> LimitIndices, ValueArray<int> Strides) : Op
{
    /// <inheritdoc/>
    public override string Name => "slice";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters =>
        [new("limit_indices", LimitIndices), new("start_indices", StartIndices), new("strides", Strides)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        var x = operands[0];
        Require(StartIndices.Count == x.Rank && LimitIndices.Count == x.Rank && Strides.Count == x.Rank, "C1",
            $"it needs one start, limit and stride per axis of {x}");
        var dims = new int[x.Rank];
        for (var i = 0; i < dims.Length; i++)
        {
            var (start, limit, stride) = (StartIndices[i], LimitIndices[i], Strides[i]);
            Require(0 <= start && start <= limit && limit <= x.Shape[i], "C2", $"axis {i} of {x} has no range {start}..{limit}");
            Require(stride > 0, "C3", $"the stride of axis {i} must be positive, but is {stride}");
            dims[i] = limit == start ? 0 : (limit - start - 1) / stride + 1;
        }
        return [x.With(dims)];
    }
}

/// <summary>A block of fixed size whose position is computed: operands x, then one scalar start per axis.</summary>
/// <remarks>
/// (C1) There is one integer scalar start per axis, all of one dtype. (C2) There is one size per axis, between 0 and the axis' size.
/// Starts are clamped so that the block lies inside x.
/// </remarks>
public sealed record DynamicSlice(ValueArray<int> SliceSizes) : Op
{
    /// <inheritdoc/>
    public override string Name => "dynamic_slice";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("slice_sizes", SliceSizes)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        Require(operands.Length >= 1, "C1", $"it takes an operand and its start indices");
        var x = operands[0];
        RequireStarts(this, x, operands[1..]);
        Require(SliceSizes.Count == x.Rank, "C2", $"it needs one size per axis of {x}, but has {SliceSizes}");
        for (var i = 0; i < x.Rank; i++)
            Require(SliceSizes[i] >= 0 && SliceSizes[i] <= x.Shape[i], "C2", $"axis {i} of {x} has no block of size {SliceSizes[i]}");
        return [x.With(Shape.Create(SliceSizes.Span))];
    }

    internal static void RequireStarts(Op op, TensorSpec x, ReadOnlySpan<TensorSpec> starts)
    {
        if (starts.Length != x.Rank) throw new OpConstraintException(op, "C1", $"it needs one start per axis of {x}, but has {starts.Length}");
        foreach (var start in starts)
            if (start.Rank != 0 || !start.DType.IsInteger || start.DType != starts[0].DType)
                throw new OpConstraintException(op, "C1", $"starts must be integer scalars of one dtype, but one is {start}");
    }
}

/// <summary>The first operand with a block replaced by the second: operands x, update, then one scalar start per axis.</summary>
/// <remarks>
/// (C1) There is one integer scalar start per axis, all of one dtype. (C2) The update has the dtype and rank of x and fits inside it.
/// Starts are clamped so that the block lies inside x.
/// </remarks>
public sealed record DynamicUpdateSlice : Op
{
    /// <inheritdoc/>
    public override string Name => "dynamic_update_slice";

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        Require(operands.Length >= 2, "C1", $"it takes an operand, an update and start indices");
        var (x, update) = (operands[0], operands[1]);
        DynamicSlice.RequireStarts(this, x, operands[2..]);
        Require(update.DType == x.DType && update.Rank == x.Rank, "C2", $"the update must have the dtype and rank of {x}, but is {update}");
        for (var i = 0; i < x.Rank; i++)
            Require(update.Shape[i] <= x.Shape[i], "C2", $"axis {i} of the update {update} does not fit into {x}");
        return [x];
    }
}
