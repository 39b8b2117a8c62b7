namespace BrainState.Ops;

/// <summary>Combines all elements along some axes, which go away.</summary>
/// <remarks>(C1) The axes are distinct axes of the operand. (C2) The dtype is of a kind the op accepts.</remarks>
public abstract record Reduction(ValueArray<int> Axes) : Op
{
    /// <summary>The kinds of dtype the op accepts.</summary>
    public abstract DTypeKinds Accepts { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<OpParameter> Parameters => [new("axes", Axes)];

    /// <inheritdoc/>
    public sealed override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        RequireAxes(Axes.Span, operands[0].Rank, "C1", "axes");
        RequireKind(operands[0], Accepts, "C2");
        return [operands[0].With(operands[0].Shape.Without(Axes.Span))];
    }
}

/// <summary>The sum; 0 over nothing. Integers wrap around; float16 and bfloat16 add up in float32 and are rounded once. The sign of a sum of zeros is not specified.</summary>
public sealed record ReduceSum(ValueArray<int> Axes) : Reduction(Axes)
{
    /// <inheritdoc/>
    public override string Name => "reduce_sum";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>The product; 1 over nothing. Integers wrap around; float16 and bfloat16 are multiplied in float32 and rounded once.</summary>
public sealed record ReduceProd(ValueArray<int> Axes) : Reduction(Axes)
{
    /// <inheritdoc/>
    public override string Name => "reduce_prod";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>The largest element; NaN if any is, and −0 is less than 0. Over nothing: −∞, the smallest integer, or false.</summary>
public sealed record ReduceMax(ValueArray<int> Axes) : Reduction(Axes)
{
    /// <inheritdoc/>
    public override string Name => "reduce_max";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real | DTypeKinds.Bool;
}

/// <summary>The smallest element; NaN if any is, and −0 is less than 0. Over nothing: +∞, the largest integer, or true.</summary>
public sealed record ReduceMin(ValueArray<int> Axes) : Reduction(Axes)
{
    /// <inheritdoc/>
    public override string Name => "reduce_min";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real | DTypeKinds.Bool;
}

/// <summary>Bits set in all elements; all ones over nothing. Logical for bool.</summary>
public sealed record ReduceAnd(ValueArray<int> Axes) : Reduction(Axes)
{
    /// <inheritdoc/>
    public override string Name => "reduce_and";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Bitwise;
}

/// <summary>Bits set in any element; 0 over nothing. Logical for bool.</summary>
public sealed record ReduceOr(ValueArray<int> Axes) : Reduction(Axes)
{
    /// <inheritdoc/>
    public override string Name => "reduce_or";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Bitwise;
}

/// <summary>Bits set in an odd number of elements; 0 over nothing. Logical for bool.</summary>
public sealed record ReduceXor(ValueArray<int> Axes) : Reduction(Axes)
{
    /// <inheritdoc/>
    public override string Name => "reduce_xor";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Bitwise;
}

/// <summary>The position of an extreme element along an axis, which goes away; the first of equals, and the first NaN before all.</summary>
/// <remarks>(C1) The axis is one of the operand's and not empty. (C2) The operand is real or bool. (C3) The index dtype is an integer.</remarks>
public abstract record ArgReduction(int Axis, DType IndexDType) : Op
{
    /// <inheritdoc/>
    public sealed override IReadOnlyList<OpParameter> Parameters => [new("axes", ValueArray.Create([Axis])), new("index_dtype", IndexDType)];

    /// <inheritdoc/>
    public sealed override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        var x = operands[0];
        RequireAxes([Axis], x.Rank, "C1", "axis");
        Require(x.Shape[Axis] > 0, "C1", $"axis {Axis} of {x} is empty and has no extreme element");
        RequireKind(x, DTypeKinds.Real | DTypeKinds.Bool, "C2");
        Require(IndexDType.IsInteger, "C3", $"positions cannot be {IndexDType.Name}");
        return [new(IndexDType, x.Shape.Without([Axis]))];
    }
}

/// <summary>The position of the largest element.</summary>
public sealed record ArgMax(int Axis, DType IndexDType) : ArgReduction(Axis, IndexDType)
{
    /// <inheritdoc/>
    public override string Name => "argmax";
}

/// <summary>The position of the smallest element.</summary>
public sealed record ArgMin(int Axis, DType IndexDType) : ArgReduction(Axis, IndexDType)
{
    /// <inheritdoc/>
    public override string Name => "argmin";
}
