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

/// <summary>The k largest elements along the last axis in descending order, and their int32 positions; of equals, the first come first. NaN counts as the largest, and −0 equals 0.</summary>
/// <remarks>(C1) The operand is real or bool and has an axis. (C2) k is between 0 and the size of the last axis.</remarks>
public sealed record TopK(int K) : Op
{
    /// <inheritdoc/>
    public override string Name => "top_k";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("k", K)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        var x = operands[0];
        RequireKind(x, DTypeKinds.Real | DTypeKinds.Bool, "C1");
        Require(x.Rank > 0, "C1", $"a scalar has no axis to search");
        Require(K >= 0 && K <= x.Shape[^1], "C2", $"k must be between 0 and {x.Shape[^1]}, but is {K}");
        var shape = x.Shape.With(x.Rank - 1, K);
        return [x.With(shape), new(DType.Int32, shape)];
    }
}
