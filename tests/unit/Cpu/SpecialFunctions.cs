namespace BrainState.UnitTests.Cpu;

/// <summary>Functions that System.Math lacks, by series that are slow and sure.</summary>
internal static class SpecialFunctions
{
    public static double Expm1(double x)
    {
        if (Math.Abs(x) > 0.5) return Math.Exp(x) - 1;
        double sum = 0, term = 1;
        for (var n = 1; n < 30; n++) sum += term *= x / n;
        return x == 0 ? x : sum;
    }

    public static double Log1p(double x)
    {
        if (Math.Abs(x) > 0.3) return Math.Log(1 + x);
        // ln(1 + x) = 2 artanh(x / (2 + x)).
        double z = x / (2 + x), square = z * z, sum = 0, term = z;
        for (var n = 1; n < 60; n += 2, term *= square) sum += term / n;
        return x == 0 ? x : 2 * sum;
    }

    public static double Erf(double x)
    {
        if (double.IsNaN(x)) return x;
        var y = Math.Abs(x);
        if (y > 6) return Math.Sign(x);
        if (y > 2) return Math.CopySign(1 - Erfc(y), x);
        // 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)), all terms positive.
        double term = x, sum = x;
        for (var n = 1; n < 100; n++) sum += term *= 2 * x * x / (2 * n + 1);
        return x == 0 ? x : 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>The complement for x ≥ 2, by its continued fraction.</summary>
    private static double Erfc(double x)
    {
        var fraction = x;
        for (var n = 200; n > 0; n--) fraction = x + n / 2.0 / fraction;
        return Math.Exp(-x * x) / (fraction * Math.Sqrt(Math.PI));
    }

    /// <summary>Newton's method for erf y = x, on the complement in the tails, where erf is flat.</summary>
    public static double ErfInv(double x)
    {
        var magnitude = Math.Abs(x);
        if (double.IsNaN(x) || magnitude > 1) return double.NaN;
        if (magnitude == 1) return x * double.PositiveInfinity;
        if (x == 0) return x;
        double low = 0, high = 7;
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (IsBelow(middle, magnitude)) low = middle;
            else high = middle;
        }
        if (magnitude < 0.1) low = Polish(low, magnitude);
        return Math.CopySign(low, x);
    }

    private static bool IsBelow(double y, double x) => y > 2 ? Erfc(y) > 1 - x : Erf(y) < x;

    private static double Polish(double y, double x)
    {
        if (y < 1e-10) y = x * Math.Sqrt(Math.PI) / 2;
        for (var i = 0; i < 3; i++) y -= (Erf(y) - x) / (2 / Math.Sqrt(Math.PI) * Math.Exp(-y * y));
        return y;
    }
}
