namespace BrainState.Conformance;

/// <summary>
/// How far a number may be from the expected one: both zero for equal numbers, or an absolute distance, or a number of units in the last place. A NaN matches any NaN,
/// zeros match each other, and an infinity itself. Parts of complex numbers are compared one by one.
/// </summary>
/// <remarks>
/// The expected results were computed by an engine that rounds inside its functions and sums, by more than a unit in some cases. Where results may differ at all, those that another engine needed
/// (<c>shared/data/stablehlo/README.md</c>) are allowed too.
/// </remarks>
public readonly record struct ExternalCheck(double Tolerance, int MaxUlps)
{
    /// <summary>Whether no deviation is allowed.</summary>
    public bool IsExact => Tolerance == 0 && MaxUlps == 0;

    /// <summary>Whether <paramref name="actual"/> is close enough to <paramref name="expected"/>, both of the same dtype.</summary>
    public bool Accepts(Scalar actual, Scalar expected)
    {
        if (actual == expected) return true;
        if (expected.DType.Is(DTypeKinds.Complex))
        {
            var (a, e, part) = (actual.ToComplex(), expected.ToComplex(), expected.DType.RealPart);
            return (Accepts(part, a.Real, e.Real) && Accepts(part, a.Imaginary, e.Imaginary))
                || (!IsExact && (a - e).Magnitude <= Allowance(expected.DType) * (1 + e.Magnitude));
        }
        return expected.DType.IsFloating && Accepts(expected.DType, actual.ToDouble(), expected.ToDouble());
    }

    private bool Accepts(DType dtype, double actual, double expected)
    {
        if (double.IsNaN(expected) || double.IsNaN(actual)) return double.IsNaN(expected) && double.IsNaN(actual);
        if (actual == expected) return true;
        if (double.IsInfinity(expected) || double.IsInfinity(actual)) return false;
        if (IsExact) return false;
        var distance = Math.Abs(actual - expected);
        return distance <= Tolerance || distance <= Allowance(dtype) * (1 + Math.Abs(expected)) || (MaxUlps > 0 && Int128.Abs(Rank(dtype, actual) - Rank(dtype, expected)) <= MaxUlps);
    }

    /// <summary>What is allowed absolutely, and relative to the expected number.</summary>
    internal static double Allowance(DType dtype) => dtype switch
    {
        DType.Float16 => 4e-3,
        DType.BFloat16 => 2e-2,
        DType.Float32 => 2e-5,
        DType.Complex64 => 3e-5,
        _ => 1e-9,
    };

    /// <summary>The number of the dtype's values between 0 and x, negative below 0: neighbours are 1 apart.</summary>
    private static Int128 Rank(DType dtype, double x)
    {
        var magnitude = (Int128)Scalar.Of(dtype, Math.Abs(x)).Bits;
        return x < 0 ? -magnitude : magnitude;
    }
}
