namespace BrainState.Ops;

/// <summary>One result element from the operand elements at the same position.</summary>
/// <remarks>
/// (C0) The number of operands is the op's arity. (C1) Operand shapes are equal, or rank 0, which counts as any shape.
/// (C2) Operand dtypes are equal. (C3) The dtype is of a kind the op accepts.
/// </remarks>
public abstract record Elementwise : Op
{
    /// <summary>The number of operands.</summary>
    public abstract int Arity { get; }

    /// <summary>The kinds of dtype the op accepts.</summary>
    public abstract DTypeKinds Accepts { get; }

    /// <summary>The dtype of the result for operands of <paramref name="operand"/>.</summary>
    public virtual DType ResultDType(DType operand) => operand;

    /// <inheritdoc/>
    public sealed override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, Arity);
        CheckParameters();
        foreach (var operand in operands)
        {
            Require(operand.DType == operands[0].DType, "C2", $"operand dtypes must be equal, but are {Join(operands)}");
            Require(AcceptsDType(operand.DType), "C3", $"it takes {Accepted}, but one is {operand}");
        }
        return [new(ResultDType(operands[0].DType), CommonShape(operands))];
    }

    private string Accepted => DType.All.Where(d => d.Is(Accepts)).All(AcceptsDType)
        ? $"operands of kind {Accepts}"
        : $"{string.Join(" or ", DType.All.Where(AcceptsDType).Select(static d => d.Name))} operands";

    /// <summary>Whether the op accepts operands of a dtype: all of the accepted kinds, unless its documentation says otherwise.</summary>
    public virtual bool AcceptsDType(DType dtype) => dtype.Is(Accepts);

    /// <summary>Throws if the parameters violate a constraint of their own.</summary>
    private protected virtual void CheckParameters() { }

    /// <summary>The shape of the operands that are not scalars.</summary>
    protected Shape CommonShape(ReadOnlySpan<TensorSpec> operands)
    {
        var common = operands[0].Shape;
        foreach (var operand in operands)
        {
            if (common.Rank == 0) common = operand.Shape;
            Require(operand.Rank == 0 || operand.Shape == common, "C1", $"operand shapes must be equal or scalar, but are {Join(operands)}");
        }
        return common;
    }

    /// <summary>The specs, comma-separated, for messages.</summary>
    protected static string Join(ReadOnlySpan<TensorSpec> operands) => string.Join(", ", operands.ToArray());
}

/// <summary>An elementwise op of one operand.</summary>
public abstract record ElementwiseUnary : Elementwise
{
    /// <inheritdoc/>
    public sealed override int Arity => 1;
}

/// <summary>An elementwise op of two operands.</summary>
public abstract record ElementwiseBinary : Elementwise
{
    /// <inheritdoc/>
    public sealed override int Arity => 2;
}
