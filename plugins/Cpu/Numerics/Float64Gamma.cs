namespace BrainState.Cpu.Numerics;

/// <summary>The logarithm of the gamma function and its derivative, in float64.</summary>
internal static class Float64Gamma
{
    private const double OneMinusEuler = 0.42278433509846713939, HalfLogOfTwoPi = 0.91893853320467274178;

    /// <summary>log |Γ(x)|.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x)) return x;
        if (double.IsInfinity(x) || (x <= 0 && Math.Floor(x) == x)) return double.PositiveInfinity;
        if (x < -0.5) return Math.Log(Math.PI / Math.Abs(x * double.SinPi(x))) - Log(-x);
        // Γ(x) = Γ(1 + x)/x, and Γ(1 + x) = Γ(2 + x)/(1 + x).
        if (x < 0.5) return Near2(x) - Float64Logarithm.Log1p(x) - Math.Log(Math.Abs(x));
        if (x < 1.5) return Near2(x - 1) - Float64Logarithm.Log1p(x - 1);
        if (x > 10) return Stirling(x);
        // Γ(x) = (x − 1)(x − 2) … Γ(x − n), all logarithms positive.
        double product = 1;
        for (; x > 2.5; product *= x) x--;
        return Near2(x - 2) + Math.Log(product);
    }

    /// <summary>The derivative of log Γ(x).</summary>
    public static double Digamma(double x)
    {
        if (double.IsNegativeInfinity(x) || (x <= 0 && Math.Floor(x) == x)) return double.NaN;
        if (x < 0) return Digamma(1 - x) - Math.PI / double.TanPi(x);
        double sum = 0;
        for (; x < 10; x++) sum -= 1 / x;
        var z = 1 / (x * x);
        // Abramowitz and Stegun 6.3.18.
        return sum + Math.Log(x) - 0.5 / x - z * (1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z * (1.0 / 132 - z * (691.0 / 32760 - z / 12))))));
    }

    /// <summary>log Γ(2 + z) = (1 − γ)z + Σ (−1)ᵏ (ζ(k) − 1) zᵏ/k (Abramowitz and Stegun 6.1.33), for |z| ≤ ½.</summary>
    private static double Near2(double z)
    {
        double sum = 0;
        foreach (var coefficient in Series) sum = Math.FusedMultiplyAdd(sum, z, coefficient);
        return z * Math.FusedMultiplyAdd(sum, z, OneMinusEuler);
    }

    /// <summary>Abramowitz and Stegun 6.1.41.</summary>
    private static double Stirling(double x)
    {
        var z = 1 / (x * x);
        var correction = (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z * (1.0 / 1188 - z * 691.0 / 360360))))) / x;
        return (x - 0.5) * (Math.Log(x) - 1) + (HalfLogOfTwoPi - 0.5) + correction;
    }

    /// <summary>(−1)ᵏ (ζ(k) − 1)/k from k = 29 down to 2.</summary>
    private static ReadOnlySpan<double> Series =>
    [
        -6.4229645638381e-11, 1.330476437424449e-10, -2.7595228851242334e-10, 5.731367241678862e-10, -1.1921401405860912e-09,
        2.4836745438024785e-09, -5.183475041970047e-09, 1.0838659214896955e-08, -2.2711094608943164e-08, 4.7698101693639804e-08,
        -1.0043224823968099e-07, 2.1207184805554665e-07, -4.492469198764566e-07, 9.55141213040742e-07, -2.039215753801366e-06,
        4.374866789907488e-06, -9.439488275268397e-06, 2.050721277567069e-05, -4.492623673813314e-05, 9.945751278180853e-05,
        -0.00022315475845357939, 0.0005096695247430425, -0.001192753911703261, 0.0028905103307415234, -0.007385551028673986,
        0.020580808427784546, -0.0673523010531981, 0.3224670334241132,
    ];
}
