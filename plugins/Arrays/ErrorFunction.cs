namespace BrainState.Arrays;

/// <summary>The error function and what belongs to it.</summary>
internal static class ErrorFunction
{
    private const double Slope = 1.1283791670955126; // 2/√π

    /// <summary>Near 0 the series Σ 2ⁿx²ⁿ⁺¹/(1·3·…·(2n+1)) · 2/√π·exp(−x²), whose terms do not cancel.</summary>
    public static double Erf(double x)
    {
        if (!(Math.Abs(x) < 1)) return double.IsNaN(x) ? x : Math.CopySign(1 - Tail(Math.Abs(x)), x);
        double term = x, sum = 0;
        for (var n = 1; sum + term != sum; n++) (sum, term) = (sum + term, term * 2 * x * x / ((2 * n) + 1));
        return Slope * Math.Exp(-x * x) * sum;
    }

    public static double Complement(double x) => x >= 0.5 ? Tail(x) : x <= -0.5 ? 2 - Tail(-x) : 1 - Erf(x);

    /// <summary>The y with erf y = x, by Halley's steps. Near 1 all digits are in 1 − x, which is exact.</summary>
    public static double Inverse(double x)
    {
        var size = Math.Abs(x);
        if (!(size < 1) || x == 0) return size == 1 ? x * double.PositiveInfinity : size > 1 ? double.NaN : x;
        var y = Math.Sqrt(-Math.Log((1 - size) * (1 + size)));
        if (y == 0) return x / Slope;
        for (var i = 0; i < 8; i++)
        {
            var step = (size < 0.5 ? Erf(y) - size : 1 - size - Complement(y)) / (Slope * Math.Exp(-y * y));
            y -= step / (1 + (y * step));
        }
        return Math.CopySign(y, x);
    }

    /// <summary>
    /// 1 − erf x for x ≥ ½: the trapezoidal rule for an integral of exp(−t²)/(t² + x²), whose error is less than the last place, and what the pole at ix adds to it
    /// (C. Chiarella and A. Reichel, On the evaluation of integrals related to the error function, 1968).
    /// </summary>
    private static double Tail(double x)
    {
        if (x > 28) return 0; // Less than the smallest double.
        const double h = 0.5;
        var sum = 1 / (2 * x * x);
        for (var k = 1; k <= 14; k++) sum += Math.Exp(-k * k * h * h) / ((k * k * h * h) + (x * x));
        double leading = (float)x, rest = x - leading; // The square of the leading digits is exact.
        var integral = 2 * h * x / Math.PI * Math.Exp(-leading * leading) * Math.Exp(-rest * (leading + x)) * sum;
        return x < Math.PI / h ? integral - (2 / (Math.Exp(2 * Math.PI * x / h) - 1)) : integral;
    }
}
