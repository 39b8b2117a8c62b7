namespace BrainState.Interpretation.Numerics;

/// <summary>The logarithm of the gamma function and its derivative in float64, to about 15 digits where they are not close to a zero.</summary>
/// <remarks>
/// Formulas: M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 6.1.15 (recurrence), 6.1.17 (reflection), 6.1.33 (series at 1), 6.1.41 (asymptotic expansion), and
/// 6.3.5, 6.3.7, 6.3.18 for the derivative.
/// </remarks>
internal static class GammaFunction
{
    private const double EulerGamma = 0.5772156649015329;
    private const double HalfLogTwoPi = 0.9189385332046728;

    /// <summary>From here on the asymptotic expansions have all digits.</summary>
    private const double Asymptotic = 16;

    /// <summary>The Bernoulli numbers B₂, B₄, ….</summary>
    private static readonly double[] Bernoulli = [1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510];

    /// <summary>ζ(n) − 1 for n = 2, 3, ….</summary>
    private static readonly double[] ZetaMinusOne = [.. Enumerable.Range(2, 30).Select(ZetaTail)];

    /// <summary>log |Γ(x)|; +∞ at its poles and at ±∞.</summary>
    public static double LogGamma(double x)
    {
        if (double.IsNaN(x)) return x;
        if (double.IsInfinity(x) || IsPole(x)) return double.PositiveInfinity;
        if (x < -0.5) return Math.Log(Math.PI / Math.Abs(SinPi(x))) - LogGamma(1 - x);
        if (x < 0.5) return NearOne(x) - Math.Log(Math.Abs(x)); // Γ(x) = Γ(1 + x) / x
        if (x < 1.5) return NearOne(x - 1);
        if (x >= Asymptotic) return Stirling(x);

        var product = 1.0; // Γ(x) = (x − 1) (x − 2) … Γ(x − n)
        while (x > 2.5) product *= --x;
        return NearTwo(x - 2) + Math.Log(product);
    }

    /// <summary>The derivative of log |Γ(x)|; NaN at the poles and at −∞.</summary>
    public static double Digamma(double x)
    {
        if (IsPole(x) || double.IsNegativeInfinity(x)) return double.NaN;
        if (x < 0) return Digamma(1 - x) - (Math.PI / Math.Tan(Math.PI * (x - Math.Round(x))));
        var shift = 0.0; // ψ(x) = ψ(x + 1) − 1/x
        for (; x < Asymptotic; x++) shift += 1 / x;
        var (sum, power) = (0.0, 1.0);
        for (var k = 1; k <= Bernoulli.Length; k++)
        {
            power /= x * x;
            sum += Bernoulli[k - 1] / (2 * k) * power;
        }
        return Math.Log(x) - (0.5 / x) - sum - shift;
    }

    private static bool IsPole(double x) => x <= 0 && x == Math.Floor(x);

    /// <summary>sin πx; the multiples of π cancel exactly.</summary>
    private static double SinPi(double x) => Math.Sin(Math.PI * (x - Math.Round(x)));

    /// <summary>log Γ(1 + z) for |z| ≤ ½, accurate at its zero.</summary>
    private static double NearOne(double z) => NearTwo(z) - Accurate.Log1p(z);

    /// <summary>log Γ(2 + z) = (1 − γ) z + Σ (−1)ⁿ (ζ(n) − 1) zⁿ / n for |z| ≤ ½, accurate at its zero.</summary>
    private static double NearTwo(double z)
    {
        var (sum, power) = ((1 - EulerGamma) * z, z);
        for (var n = 2; n < ZetaMinusOne.Length + 2; n++)
        {
            power *= -z;
            sum -= ZetaMinusOne[n - 2] * power / n;
        }
        return sum;
    }

    private static double Stirling(double x)
    {
        var (sum, power) = (0.0, 1 / x);
        for (var k = 1; k <= Bernoulli.Length; k++, power /= x * x) sum += Bernoulli[k - 1] / (2 * k * ((2 * k) - 1)) * power;
        return ((x - 0.5) * (Math.Log(x) - 1)) + (HalfLogTwoPi - 0.5) + sum; // Not (x − ½) log x − x, which overflows earlier.
    }

    /// <summary>Σ k⁻ⁿ for k ≥ 2: a part of the sum, the rest by Euler and Maclaurin's formula.</summary>
    private static double ZetaTail(int n)
    {
        const int Start = 100;
        var last = Math.Pow(Start, -n);
        var sum = (Start * last / (n - 1)) + (last / 2) + (n * last / (12 * Start)) - (n * (n + 1.0) * (n + 2) * last / (720.0 * Start * Start * Start));
        for (var k = Start - 1; k >= 2; k--) sum += Math.Pow(k, -n);
        return sum;
    }
}
