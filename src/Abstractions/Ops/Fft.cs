namespace BrainState.Ops;

/// <summary>Which transform <see cref="Fft"/> computes.</summary>
public enum FftType
{
    /// <summary>Complex to complex: X[k] = Σₙ x[n]·exp(−2πi·kn/N).</summary>
    Fft,
    /// <summary>Complex to complex, the inverse of <see cref="Fft"/>, with the factor 1/N.</summary>
    IFft,
    /// <summary>Real to complex: the first N/2 + 1 values of <see cref="Fft"/> along the last axis.</summary>
    RFft,
    /// <summary>Complex to real: the inverse of <see cref="RFft"/>; imaginary parts that a real signal cannot have are ignored.</summary>
    IRFft,
}

/// <summary>The discrete Fourier transform over the last axes, one for each length.</summary>
/// <remarks>
/// (C1) The operand is complex, or for a real transform float32 or float64. (C2) There are 1 to 3 positive lengths and at least as many axes, which have these sizes; for
/// <see cref="FftType.IRFft"/> the last axis has size length/2 + 1.
/// </remarks>
public sealed record Fft(FftType Type, ValueArray<int> Lengths) : Op
{
    /// <inheritdoc/>
    public override string Name => "fft";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("fft_lengths", Lengths), new("fft_type", Type.ToString())];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        var x = operands[0];
        Require(Type == FftType.RFft ? x.DType is DType.Float32 or DType.Float64 : x.DType.Is(DTypeKinds.Complex), "C1",
            $"{Type} takes {(Type == FftType.RFft ? "float32 or float64" : "complex")} operands, but the operand is {x}");
        Require(Lengths.Count is >= 1 and <= 3 && Lengths.Count <= x.Rank && Lengths.All(static n => n > 0), "C2", $"it needs 1 to 3 positive lengths for the last axes of {x}, but has {Lengths}");
        var first = x.Rank - Lengths.Count;
        for (var i = 0; i < Lengths.Count; i++)
        {
            var size = Type == FftType.IRFft && i == Lengths.Count - 1 ? Lengths[i] / 2 + 1 : Lengths[i];
            Require(x.Shape[first + i] == size, "C2", $"axis {first + i} of {x} must have the size {size}");
        }
        return Type switch
        {
            FftType.RFft => [new(x.DType == DType.Float64 ? DType.Complex128 : DType.Complex64, x.Shape.With(x.Rank - 1, Lengths[^1] / 2 + 1))],
            FftType.IRFft => [new(x.DType.RealPart, x.Shape.With(x.Rank - 1, Lengths[^1]))],
            _ => [x],
        };
    }
}
