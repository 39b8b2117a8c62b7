namespace BrainState.Ops;

/// <summary>Places the axes of the operand in a larger shape and repeats along the others.</summary>
/// <remarks>
/// (C1) There is one broadcast dimension per operand axis; they are distinct, increasing axes of the result.
/// (C2) Each operand axis has size 1 or that of its result axis.
/// </remarks>
public sealed record BroadcastInDim(Shape Shape, ValueArray<int> BroadcastDimensions) : Op
{
    /// <inheritdoc/>
    public override string Name => "broadcast_in_dim";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("broadcast_dimensions", BroadcastDimensions), new("shape", Shape)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        var x = operands[0];
        Require(BroadcastDimensions.Count == x.Rank, "C1", $"it needs one broadcast dimension per axis of {x}, but has {BroadcastDimensions}");
        RequireAxes(BroadcastDimensions.Span, Shape.Rank, "C1", "broadcast_dimensions");
        for (var i = 0; i < x.Rank; i++)
        {
            Require(i == 0 || BroadcastDimensions[i] > BroadcastDimensions[i - 1], "C1", $"broadcast_dimensions must increase, but is {BroadcastDimensions}");
            Require(x.Shape[i] == 1 || x.Shape[i] == Shape[BroadcastDimensions[i]], "C2",
                $"axis {i} of {x} must have size 1 or {Shape[BroadcastDimensions[i]]} to become axis {BroadcastDimensions[i]} of {Shape}");
        }
        return [x.With(Shape)];
    }
}

/// <summary>The same elements in row-major order under another shape.</summary>
/// <remarks>(C1) The number of elements stays the same.</remarks>
public sealed record Reshape(Shape NewSizes) : Op
{
    /// <inheritdoc/>
    public override string Name => "reshape";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("new_sizes", NewSizes)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        Require(operands[0].ElementCount == NewSizes.ElementCount, "C1",
            $"{operands[0]} has {operands[0].ElementCount} elements, but shape {NewSizes} needs {NewSizes.ElementCount}");
        return [operands[0].With(NewSizes)];
    }
}

/// <summary>Reorders axes: result axis i is operand axis <c>permutation[i]</c>.</summary>
/// <remarks>(C1) The permutation names every axis once.</remarks>
public sealed record Transpose(ValueArray<int> Permutation) : Op
{
    /// <inheritdoc/>
    public override string Name => "transpose";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("permutation", Permutation)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        var x = operands[0];
        Require(Permutation.Count == x.Rank, "C1", $"the permutation {Permutation} must name each axis of {x} once");
        RequireAxes(Permutation.Span, x.Rank, "C1", "permutation");
        return [x.With(Shape.Create(Permutation.Select(axis => x.Shape[axis]).ToArray()))];
    }
}

/// <summary>Reverses the order of the elements along some axes.</summary>
/// <remarks>(C1) The dimensions are distinct axes of the operand.</remarks>
public sealed record Rev(ValueArray<int> Dimensions) : Op
{
    /// <inheritdoc/>
    public override string Name => "rev";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("dimensions", Dimensions)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        RequireAxes(Dimensions.Span, operands[0].Rank, "C1", "dimensions");
        return [operands[0]];
    }
}

/// <summary>Joins tensors along an axis.</summary>
/// <remarks>
/// (C1) There is at least one operand, and dtypes are equal. (C2) The dimension is an axis. (C3) Shapes agree on all other axes.
/// (C4) The joined axis is not longer than 2³¹ − 1.
/// </remarks>
public sealed record Concatenate(int Dimension) : Op
{
    /// <inheritdoc/>
    public override string Name => "concatenate";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("dimension", Dimension)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        Require(operands.Length > 0, "C1", $"it takes at least one operand");
        var first = operands[0];
        RequireAxes([Dimension], first.Rank, "C2", "dimension");
        var size = 0L;
        foreach (var operand in operands)
        {
            Require(operand.DType == first.DType, "C1", $"dtypes must be equal, but two operands are {first} and {operand}");
            Require(operand.Rank == first.Rank && operand.Shape.With(Dimension, 0) == first.Shape.With(Dimension, 0), "C3",
                $"shapes must agree except on axis {Dimension}, but two operands are {first} and {operand}");
            size += operand.Shape[Dimension];
        }
        Require(size <= int.MaxValue, "C4", $"axis {Dimension} would get the size {size}");
        return [first.With(first.Shape.With(Dimension, (int)size))];
    }
}

/// <summary>How much to pad one axis: elements before and after (negative to crop) and between neighbours.</summary>
public readonly record struct PaddingConfig(int Low, int High, int Interior);

/// <summary>Surrounds and interleaves the first operand with the second, a scalar.</summary>
/// <remarks>
/// (C1) The second operand is a scalar of the same dtype. (C2) There is one configuration per axis, with interior ≥ 0.
/// (C3) No resulting size is negative or above 2³¹ − 1. Negative low or high crops.
/// </remarks>
public sealed record Pad(ValueArray<PaddingConfig> Padding) : Op
{
    /// <inheritdoc/>
    public override string Name => "pad";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters =>
        [new("padding_config", Padding.Select(object? (p) => OpParameter.Tuple(p.Low, p.High, p.Interior)).ToValueArray())];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 2);
        var (x, value) = (operands[0], operands[1]);
        Require(value.Rank == 0 && value.DType == x.DType, "C1", $"the padding value must be a {x.DType.Name} scalar, but is {value}");
        Require(Padding.Count == x.Rank, "C2", $"it needs one padding configuration per axis of {x}, but has {Padding.Count}");
        var dims = new int[x.Rank];
        for (var i = 0; i < dims.Length; i++)
        {
            var (low, high, interior) = Padding[i];
            Require(interior >= 0, "C2", $"interior padding must not be negative, but is {interior} for axis {i}");
            var size = x.Shape[i] + Math.Max(0L, x.Shape[i] - 1) * interior + low + high;
            Require(size is >= 0 and <= int.MaxValue, "C3", $"axis {i} of {x} would get the size {size}");
            dims[i] = (int)size;
        }
        return [x.With(dims)];
    }
}

/// <summary>0, 1, 2, … along an axis, the same along the others. No operands.</summary>
/// <remarks>(C1) The dimension is an axis of the shape. (C2) The dtype is a number.</remarks>
public sealed record Iota(DType DType, Shape Shape, int Dimension) : Op
{
    /// <inheritdoc/>
    public override string Name => "iota";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("dimension", Dimension), new("dtype", DType), new("shape", Shape)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 0);
        RequireAxes([Dimension], Shape.Rank, "C1", "dimension");
        Require(DType.Is(DTypeKinds.Number), "C2", $"it cannot count in {DType.Name}");
        return [new(DType, Shape)];
    }
}
