namespace BrainState.Ops;

/// <summary>Combines each element with all before it along an axis, or with all after it when reversed. Shape and dtype stay.</summary>
/// <remarks>(C1) The axis is one of the operand's. (C2) The dtype is of a kind the op accepts.</remarks>
public abstract record Cumulative(int Axis, bool Reverse) : Op
{
    /// <summary>The kinds of dtype the op accepts.</summary>
    public abstract DTypeKinds Accepts { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<OpParameter> Parameters => [new("axis", Axis), new("reverse", Reverse)];

    /// <inheritdoc/>
    public sealed override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        RequireAxes([Axis], operands[0].Rank, "C1", "axis");
        RequireKind(operands[0], Accepts, "C2");
        return [operands[0]];
    }
}

/// <summary>Running sums. Integers wrap around; float16 and bfloat16 add up in float32, and only the results are rounded. The sign of a sum of zeros is not specified.</summary>
public sealed record CumSum(int Axis, bool Reverse) : Cumulative(Axis, Reverse)
{
    /// <inheritdoc/>
    public override string Name => "cumsum";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>Running products. Integers wrap around; float16 and bfloat16 are multiplied in float32, and only the results are rounded.</summary>
public sealed record CumProd(int Axis, bool Reverse) : Cumulative(Axis, Reverse)
{
    /// <inheritdoc/>
    public override string Name => "cumprod";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>Running maxima; NaN from the first NaN on.</summary>
public sealed record CumMax(int Axis, bool Reverse) : Cumulative(Axis, Reverse)
{
    /// <inheritdoc/>
    public override string Name => "cummax";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real;
}

/// <summary>Running minima; NaN from the first NaN on.</summary>
public sealed record CumMin(int Axis, bool Reverse) : Cumulative(Axis, Reverse)
{
    /// <inheritdoc/>
    public override string Name => "cummin";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real;
}

/// <summary>Logarithms of running sums of exponentials, without overflow; −∞ where all elements so far are −∞.</summary>
public sealed record CumLogSumExp(int Axis, bool Reverse) : Cumulative(Axis, Reverse)
{
    /// <inheritdoc/>
    public override string Name => "cumlogsumexp";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;
}
