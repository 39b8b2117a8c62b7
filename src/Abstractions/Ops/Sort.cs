namespace BrainState.Ops;

/// <summary>
/// Sorts along an axis by the first <see cref="KeyCount"/> operands, compared in order; all operands are permuted alike.
/// Ascending; −0 equals 0, NaNs come last and are equal. The sort is stable.
/// </summary>
/// <remarks>(C1) There is at least one operand, and all have the same shape. (C2) The dimension is an axis. (C3) There are 1 to all keys, and they are real or bool.</remarks>
public sealed record Sort(int Dimension, int KeyCount) : Op
{
    /// <inheritdoc/>
    public override string Name => "sort";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("dimension", Dimension), new("num_keys", KeyCount)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        Require(operands.Length > 0, "C1", $"it takes at least one operand");
        foreach (var operand in operands)
            Require(operand.Shape == operands[0].Shape, "C1", $"shapes must be equal, but two operands are {operands[0]} and {operand}");
        RequireAxes([Dimension], operands[0].Rank, "C2", "dimension");
        Require(KeyCount >= 1 && KeyCount <= operands.Length, "C3", $"num_keys must be between 1 and {operands.Length}, but is {KeyCount}");
        foreach (var key in operands[..KeyCount]) RequireKind(key, DTypeKinds.Real | DTypeKinds.Bool, "C3");
        return operands.ToArray();
    }
}
