namespace BrainState.Interpretation.Numerics;

/// <summary>The error function and its inverse in float64, to a few units in the last place.</summary>
/// <remarks>Formulas: M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 7.1.6 (series) and 7.1.14 (continued fraction).</remarks>
internal static class ErrorFunction
{
    private const double TwoOverRootPi = 1.1283791670955126;

    /// <summary>2/√π ∫₀ˣ e^(−t²) dt.</summary>
    public static double Erf(double x)
    {
        if (double.IsNaN(x)) return x;
        var magnitude = Math.Abs(x);
        return magnitude < 1 ? Series(x) : Math.CopySign(1 - Complement(magnitude), x);
    }

    /// <summary>1 − erf(x), without cancellation where erf is close to 1.</summary>
    public static double Erfc(double x) => double.IsNaN(x) ? x : x <= -1 ? 2 - Complement(-x) : x < 0.5 ? 1 - Series(x) : Complement(x);

    /// <summary>The x with erf(x) = y; ±∞ at ±1, NaN outside.</summary>
    public static double Inverse(double y)
    {
        var magnitude = Math.Abs(y);
        if (!(magnitude <= 1)) return double.NaN;
        if (magnitude == 1) return double.PositiveInfinity * y;
        if (y == 0) return y;

        var x = Guess(magnitude);
        for (var i = 0; i < 8; i++)
        {
            // Near 1 all digits are in 1 − y, which is exact, and not in y.
            var excess = magnitude < 0.5 ? Erf(x) - magnitude : 1 - magnitude - Erfc(x);
            var newton = excess / (TwoOverRootPi * ExpMinusSquare(x));
            var halley = newton / (1 + (x * newton)); // erf″ = −2x erf′
            x -= halley;
            if (Math.Abs(halley) <= 1e-17 * x) break;
        }
        return Math.CopySign(x, y);
    }

    /// <summary>2/√π e^(−x²) Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)): all terms have the sign of x.</summary>
    private static double Series(double x)
    {
        double term = x, sum = 0;
        for (var n = 1; sum + term != sum; n++)
        {
            sum += term;
            term *= 2 * x * x / ((2 * n) + 1);
        }
        return TwoOverRootPi * ExpMinusSquare(x) * sum;
    }

    /// <summary>erfc(x) = e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))) for x ≥ ½, from the inside out.</summary>
    private static double Complement(double x)
    {
        if (x > 28) return 0; // Below the smallest double.
        var tail = x;
        for (var k = 800; k > 0; k--) tail = x + (k / 2.0 / tail);
        return TwoOverRootPi / 2 * ExpMinusSquare(x) / tail;
    }

    /// <summary>e^(−x²) with the rounding error of x² made good.</summary>
    private static double ExpMinusSquare(double x)
    {
        var square = x * x;
        return Math.Exp(-square) * (1 - Math.FusedMultiplyAdd(x, x, -square));
    }

    /// <summary>Good to about 0.2 %, for 0 &lt; y &lt; 1: two terms of the series, or S. Winitzki's approximation.</summary>
    private static double Guess(double y)
    {
        if (y < 0.1) return y / TwoOverRootPi * (1 + (Math.PI / 12 * y * y));
        const double A = 0.147;
        var log = Math.Log((1 - y) * (1 + y));
        var half = (2 / (Math.PI * A)) + (log / 2);
        return Math.Sqrt(Math.Sqrt((half * half) - (log / A)) - half);
    }
}
