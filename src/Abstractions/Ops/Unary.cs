namespace BrainState.Ops;

/// <summary>−x. Integers wrap around; unsigned ones too.</summary>
public sealed record Neg : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "neg";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>−1, 0 or 1; ±0 and NaN stay as they are. For complex x, x/|x|.</summary>
public sealed record Sign : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "sign";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>The largest integer not above x.</summary>
public sealed record Floor : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "floor";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;
}

/// <summary>The smallest integer not below x.</summary>
public sealed record Ceil : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "ceil";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;
}

/// <summary>eˣ.</summary>
public sealed record Exp : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "exp";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>2ˣ.</summary>
public sealed record Exp2 : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "exp2";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The natural logarithm; NaN below 0.</summary>
public sealed record Log : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "log";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>log(1 + x), accurate near 0.</summary>
public sealed record Log1p : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "log1p";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>eˣ − 1, accurate near 0.</summary>
public sealed record Expm1 : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "expm1";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The hyperbolic tangent.</summary>
public sealed record Tanh : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "tanh";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>1 / (1 + e⁻ˣ).</summary>
public sealed record Logistic : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "logistic";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The sine of x in radians.</summary>
public sealed record Sin : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "sin";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The cosine of x in radians.</summary>
public sealed record Cos : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "cos";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The tangent of x in radians.</summary>
public sealed record Tan : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "tan";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The inverse sine, in radians.</summary>
public sealed record Asin : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "asin";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The inverse cosine, in radians.</summary>
public sealed record Acos : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "acos";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The inverse tangent, in radians.</summary>
public sealed record Atan : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "atan";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The hyperbolic sine.</summary>
public sealed record Sinh : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "sinh";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The hyperbolic cosine.</summary>
public sealed record Cosh : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "cosh";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The inverse hyperbolic sine.</summary>
public sealed record Asinh : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "asinh";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The inverse hyperbolic cosine.</summary>
public sealed record Acosh : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "acosh";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The inverse hyperbolic tangent.</summary>
public sealed record Atanh : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "atanh";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>√x; NaN below 0.</summary>
public sealed record Sqrt : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "sqrt";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>1/√x.</summary>
public sealed record Rsqrt : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "rsqrt";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The real cube root.</summary>
public sealed record Cbrt : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "cbrt";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;
}

/// <summary>x².</summary>
public sealed record Square : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "square";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>The complement of every bit; logical for bool.</summary>
public sealed record Not : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "not";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Bitwise;
}

/// <summary>x, with a derivative of zero.</summary>
public sealed record StopGradient : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "stop_gradient";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Any;
}

/// <summary>|x|. The magnitude of a complex x is real; the most negative integer stays as it is.</summary>
public sealed record Abs : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "abs";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;

    /// <inheritdoc/>
    public override DType ResultDType(DType operand) => operand.RealPart;
}

/// <summary>Whether x is neither infinite nor NaN.</summary>
public sealed record IsFinite : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "is_finite";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;

    /// <inheritdoc/>
    public override DType ResultDType(DType operand) => DType.Bool;
}

/// <summary>Where <see cref="Round"/> puts values half-way between two integers.</summary>
public enum RoundingMethod
{
    /// <summary>To the one farther from zero.</summary>
    AwayFromZero,
    /// <summary>To the even one.</summary>
    ToNearestEven,
}

/// <summary>The nearest integer.</summary>
public sealed record Round(RoundingMethod Method) : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "round";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("rounding_method", Method.ToString())];

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;
}

/// <summary>xʸ for a fixed integer y, by repeated multiplication in any order and for y &lt; 0 a reciprocal; x⁰ is 1, also for NaN.</summary>
public sealed record IntegerPow(int Y) : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "integer_pow";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("y", Y)];

    /// <inheritdoc/>
    public override DTypeKinds Accepts => Y >= 0 ? DTypeKinds.Number : DTypeKinds.Inexact;
}

/// <summary>
/// x rounded (to nearest even) to that many mantissa bits, then held against the range of that many exponent bits, in the dtype of x: where the range is narrower than that of the
/// dtype, larger values become infinite and smaller ones than the smallest normal number 0, with the sign of x. NaN stays NaN.
/// </summary>
/// <remarks>(C4) There is at least one exponent bit, and mantissa bits are not negative.</remarks>
public sealed record ReducePrecision(int ExponentBits, int MantissaBits) : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "reduce_precision";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("exponent_bits", ExponentBits), new("mantissa_bits", MantissaBits)];

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;

    private protected override void CheckParameters() => Require(ExponentBits >= 1 && MantissaBits >= 0, "C4",
        $"there must be at least one exponent bit and no negative number of mantissa bits, but there are {ExponentBits} and {MantissaBits}");
}

/// <summary>The number of bits set.</summary>
public sealed record PopulationCount : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "population_count";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Integer;
}

/// <summary>The number of zero bits above the highest set bit; the width for 0.</summary>
public sealed record Clz : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "clz";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Integer;
}
