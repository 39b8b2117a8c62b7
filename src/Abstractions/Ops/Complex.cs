namespace BrainState.Ops;

/// <summary>The complex number whose real part is the first operand and whose imaginary part is the second. The operands are float32 or float64.</summary>
public sealed record MakeComplex : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "complex";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;

    /// <inheritdoc/>
    public override DType ResultDType(DType operand) => operand == DType.Float64 ? DType.Complex128 : DType.Complex64;

    /// <inheritdoc/>
    public override bool AcceptsDType(DType dtype) => dtype is DType.Float32 or DType.Float64;
}

/// <summary>The real part.</summary>
public sealed record Real : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "real";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Complex;

    /// <inheritdoc/>
    public override DType ResultDType(DType operand) => operand.RealPart;
}

/// <summary>The imaginary part.</summary>
public sealed record Imag : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "imag";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Complex;

    /// <inheritdoc/>
    public override DType ResultDType(DType operand) => operand.RealPart;
}

/// <summary>The complex conjugate.</summary>
public sealed record Conj : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "conj";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Complex;
}
