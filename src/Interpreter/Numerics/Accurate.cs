namespace BrainState.Interpretation.Numerics;

/// <summary>Functions that <see cref="Math"/> lacks, without the cancellation of their definitions.</summary>
internal static class Accurate
{
    /// <summary>log(1 + x). The rounding error of u = 1 + x cancels in log(u) / (u − 1) (W. Kahan).</summary>
    public static double Log1p(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : double.IsPositiveInfinity(u) ? u : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>eˣ − 1. The rounding error of u = eˣ cancels in (u − 1) / log(u) (W. Kahan).</summary>
    public static double Expm1(double x)
    {
        // Where the 1 is half of the result or less, nothing cancels; the quotient would lose bits of a large x.
        if (Math.Abs(x) > 1) return Math.Exp(x) - 1;
        var u = Math.Exp(x);
        return u == 1 ? x : (u - 1) * (x / Math.Log(u));
    }

    /// <summary>1 / (1 + e⁻ˣ), written so that the exponential does not overflow.</summary>
    public static double Logistic(double x)
    {
        var e = Math.Exp(-Math.Abs(x));
        return x < 0 ? e / (1 + e) : 1 / (1 + e);
    }

    /// <summary>log(eˣ + eʸ), written so that nothing overflows.</summary>
    public static double LogAddExp(double x, double y)
    {
        if (double.IsNaN(x) || double.IsNaN(y)) return double.NaN;
        var larger = Math.Max(x, y);
        return double.IsInfinity(larger) ? larger : larger + Log1p(Math.Exp(-Math.Abs(x - y)));
    }

    /// <summary>xⁿ by repeated squaring, for n ≥ 0.</summary>
    public static T Power<T>(T x, long n) where T : System.Numerics.INumberBase<T>
    {
        var result = T.One;
        for (; n > 0; n >>= 1, x = unchecked(x * x))
            if ((n & 1) != 0)
                result = unchecked(result * x);
        return result;
    }
}
