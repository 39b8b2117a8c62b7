namespace BrainState.Ops;

/// <summary>
/// Uniform random bits: one block of elements of shape <see cref="Shape"/> per key of the operand <c>uint32[…, 2]</c>; the result has shape
/// <c>[…, *Shape]</c>. Element i (row-major, 64-bit counter) of a block is made from
/// <c>(y0, y1) = threefry2x32(key, (hi32(i), lo32(i)))</c>: <c>y0 ‖ y1</c> for 64 bits, and the low bits of <c>y0 xor y1</c> otherwise.
/// </summary>
/// <remarks>
/// (C1) The operand is uint32 with a last axis of size 2. (C2) The result dtype is an unsigned integer.
/// Threefry: J. Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (2011), 20 rounds. The counter layout is JAX's partitionable one.
/// </remarks>
public sealed record RandomBits(DType DType, Shape Shape) : Op
{
    /// <inheritdoc/>
    public override string Name => "random_bits";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("dtype", DType), new("shape", Shape)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        var key = operands[0];
        Require(key.DType == DType.UInt32 && key.Rank > 0 && key.Shape[^1] == 2, "C1", $"a key is uint32[..., 2], but the operand is {key}");
        Require(DType.Is(DTypeKinds.Unsigned), "C2", $"random bits are unsigned integers, not {DType.Name}");
        return [new(DType, Shape.Create([.. key.Shape.Dims[..^1], .. Shape.Dims]))];
    }
}
