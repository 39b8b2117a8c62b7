namespace BrainState.Ops;

/// <summary>
/// Converts every element to another dtype. Floats round to nearest even; float to integer truncates towards zero, saturates, and
/// takes NaN to 0; integers wrap around; anything to bool is "≠ 0"; complex to real drops the imaginary part.
/// </summary>
public sealed record ConvertElementType(DType NewDType) : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "convert_element_type";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("new_dtype", NewDType)];

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Any;

    /// <inheritdoc/>
    public override DType ResultDType(DType operand) => NewDType;
}

/// <summary>Reads the bytes of the operand as another dtype.</summary>
/// <remarks>
/// (C1) Neither dtype is bool or complex. (C2) If the new element is k times smaller, the result gains a last axis of size k;
/// if it is k times larger, the operand's last axis must have size k and goes away. Bytes are in little-endian order.
/// </remarks>
public sealed record BitcastConvertType(DType NewDType) : Op
{
    /// <inheritdoc/>
    public override string Name => "bitcast_convert_type";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("new_dtype", NewDType)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        var x = operands[0];
        RequireKind(x, DTypeKinds.Real, "C1");
        Require(NewDType.Is(DTypeKinds.Real), "C1", $"it cannot reinterpret as {NewDType.Name}");
        var (from, to) = (x.DType.Size, NewDType.Size);
        if (from == to) return [x.With(NewDType)];
        if (from > to) return [new(NewDType, x.Shape.Insert(x.Rank, from / to))];
        Require(x.Rank > 0 && x.Shape[^1] == to / from, "C2", $"to read {x.DType.Name} as {NewDType.Name} the last axis must have size {to / from}, but the operand is {x}");
        return [new(NewDType, x.Shape.Without([x.Rank - 1]))];
    }
}
