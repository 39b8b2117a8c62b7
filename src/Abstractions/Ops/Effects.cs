namespace BrainState.Ops;

/// <summary>
/// Reports its operands while the program runs: no results, any operands. Effects of one program happen in their order; no pass drops, merges or reorders them. In
/// the format, <c>{0}</c>, <c>{1:F3}</c> … stand for the operands, as in <see cref="string.Format(string, object?[])"/>; <see cref="EffectText"/> writes them. The channel says to
/// whom, such as a progress bar, if not to the reader of a console; it means nothing to a backend.
/// </summary>
/// <remarks>(C1) The format is well-formed, and names only operands that are there with specifiers that their dtypes have.</remarks>
public sealed record DebugPrint(string Format, string? Channel = null) : Op
{
    /// <inheritdoc/>
    public override string Name => "debug_print";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => Channel is null ? [new("fmt", Format)] : [new("channel", Channel), new("fmt", Format)];

    /// <inheritdoc/>
    public override bool HasEffects => true;

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        var problem = EffectText.ProblemOf(Format, operands);
        Require(problem is null, "C1", $"the format '{Format}' does not fit ({string.Join(", ", operands.ToArray())}): {problem}");
        return [];
    }
}

/// <summary>
/// Makes the run fail with an <see cref="ErrorIfException"/> when the first operand is true; the other operands are formatted into the message as in <see cref="DebugPrint"/>. No results.
/// </summary>
/// <remarks>(C1) The first operand is a bool scalar. (C2) The message fits the other operands as in <see cref="DebugPrint"/>.</remarks>
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
        var problem = EffectText.ProblemOf(Message, operands[1..]);
        Require(problem is null, "C2", $"the message '{Message}' does not fit ({string.Join(", ", operands[1..].ToArray())}): {problem}");
        return [];
    }
}

/// <summary>The condition of an <see cref="ErrorIf"/> was true.</summary>
public sealed class ErrorIfException : Exception
{
    /// <summary>With the formatted message of the op.</summary>
    public ErrorIfException(string message) : base(message) { }
}
