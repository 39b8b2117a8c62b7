namespace BrainState.Cpu.Numerics;

/// <summary>What <see cref="System.Math"/> lacks of the exponential family in float64.</summary>
internal static class Float64Logarithm
{
    /// <summary>
    /// ln(1 + x): the rounding error of 1 + x is undone to first order (W. Kahan).
    /// </summary>
    public static double Log1p(double x)
    {
        var sum = 1 + x;
        if (sum == 1) return x;
        if (double.IsInfinity(sum) || sum <= 0) return Math.Log(sum);
        return Math.Log(sum) + (x - (sum - 1)) / sum;
    }

    /// <summary>eˣ − 1: the rounding error of eˣ is undone by dividing by its logarithm (W. Kahan); by its series where that is shorter.</summary>
    public static double Expm1(double x)
    {
        if (Math.Abs(x) < 1e-5) return x + x * x * (0.5 + x * (1.0 / 6 + x / 24));
        if (Math.Abs(x) > 1) return Math.Exp(x) - 1;
        // sinh is accurate near 0: eˣ − 1 = 2·e^(x/2)·sinh(x/2).
        return 2 * Math.Exp(x / 2) * Math.Sinh(x / 2);
    }
}
