namespace BrainState.Ops;

/// <summary>
/// Reports its operands while the program runs: no results, any operands. Effects of one program happen in their order; no pass drops, merges or reorders them. In
/// the format, <c>{0}</c>, <c>{1:F3}</c> … stand for the operands, as in <see cref="string.Format(string, object?[])"/>.
/// </summary>
public sealed record DebugPrint(string Format) : Op
{
    /// <inheritdoc/>
    public override string Name => "debug_print";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("fmt", Format)];

    /// <inheritdoc/>
    public override bool HasEffects => true;

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands) => [];
}

/// <summary>Makes the run fail with a message when the first operand is true; the other operands are formatted into the message as in <see cref="DebugPrint"/>. No results.</summary>
/// <remarks>(C1) The first operand is a bool scalar.</remarks>
public sealed record ErrorIf(string Message) : Op
{
    /// <inheritdoc/>
    public override string Name => "error_if";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("msg", Message)];

    /// <inheritdoc/>
    public override bool HasEffects => true;

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        Require(operands.Length > 0 && operands[0] == new TensorSpec(DType.Bool, Shape.Scalar), "C1", $"the condition must be a bool scalar");
        return [];
    }
}
