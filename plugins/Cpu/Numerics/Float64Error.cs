namespace BrainState.Cpu.Numerics;

/// <summary>The error function and its inverse in float64.</summary>
internal static class Float64Error
{
    /// <summary>
    /// erf x by W. J. Cody, "Rational Chebyshev approximations for the error function" (1969): one rational function for erf near 0, two
    /// for erfc·exp(x²) farther out.
    /// </summary>
    public static double Erf(double x)
    {
        var y = Math.Abs(x);
        if (double.IsNaN(x)) return x;
        if (y <= 0.46875) return x * Ratio(y * y, NearNumerator, NearDenominator);
        return y > 6 ? Math.CopySign(1, x) : Math.CopySign(1 - Complement(y), x);
    }

    /// <summary>1 − erf x, by the same functions.</summary>
    public static double Erfc(double x)
    {
        if (double.IsNaN(x)) return x;
        if (Math.Abs(x) <= 0.46875) return 1 - Erf(x);
        if (x > 28) return 0;
        return x < 0 ? 1 - Erf(x) : Complement(x);
    }

    /// <summary>erfc y for y above 0.46875.</summary>
    private static double Complement(double y)
    {
        var scaled = y <= 4 ? Ratio(y, MiddleNumerator, MiddleDenominator) : Far(y);
        // exp(−y²) with the rounding error of y² made harmless: y² = s² + (y − s)(y + s), s having few bits.
        var s = Math.Truncate(y * 16) / 16;
        return scaled * Math.Exp(-s * s) * Math.Exp(-(y - s) * (y + s));
    }

    /// <summary>The inverse error function after M. Giles, "Approximating the erfinv function" (2010), double precision.</summary>
    public static double ErfInv(double x)
    {
        if (Math.Abs(x) == 1) return x * double.PositiveInfinity;
        // log1p(−x²) as a product, which does not cancel near ±1.
        var w = -Float64Logarithm.Log1p(-Math.Abs(x)) - Float64Logarithm.Log1p(Math.Abs(x));
        var p = w < 6.25 ? Horner(w - 3.125, Central) : w < 16 ? Horner(Math.Sqrt(w) - 3.25, Outer) : Horner(Math.Sqrt(w) - 5, Tail);
        return p * x;
    }

    private static double Far(double y)
    {
        var z = 1 / (y * y);
        return (0.56418958354775628695 - z * Ratio(z, FarNumerator, FarDenominator)) / y;
    }

    private static double Ratio(double z, ReadOnlySpan<double> numerator, ReadOnlySpan<double> denominator) =>
        Horner(z, numerator) / Horner(z, denominator);

    /// <summary>A polynomial, highest coefficient first.</summary>
    private static double Horner(double z, ReadOnlySpan<double> coefficients)
    {
        var p = coefficients[0];
        for (var i = 1; i < coefficients.Length; i++) p = Math.FusedMultiplyAdd(p, z, coefficients[i]);
        return p;
    }

    private static ReadOnlySpan<double> NearNumerator =>
        [1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3];

    private static ReadOnlySpan<double> NearDenominator =>
        [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];

    private static ReadOnlySpan<double> MiddleNumerator =>
    [
        2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1, 2.98635138197400131e2,
        8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
    ];

    private static ReadOnlySpan<double> MiddleDenominator =>
    [
        1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3,
        4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
    ];

    private static ReadOnlySpan<double> FarNumerator =>
    [
        1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2,
        6.58749161529837803e-4,
    ];

    private static ReadOnlySpan<double> FarDenominator =>
        [1, 2.56852019228982242e0, 1.87295284992346047e0, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3];

    private static ReadOnlySpan<double> Central =>
    [
        -3.6444120640178196996e-21, -1.685059138182016589e-19, 1.2858480715256400167e-18, 1.115787767802518096e-17,
        -1.333171662854620906e-16, 2.0972767875968561637e-17, 6.6376381343583238325e-15, -4.0545662729752068639e-14,
        -8.1519341976054721522e-14, 2.6335093153082322977e-12, -1.2975133253453532498e-11, -5.4154120542946279317e-11,
        1.051212273321532285e-09, -4.1126339803469836976e-09, -2.9070369957882005086e-08, 4.2347877827932403518e-07,
        -1.3654692000834678645e-06, -1.3882523362786468719e-05, 0.0001867342080340571352, -0.00074070253416626697512,
        -0.0060336708714301490533, 0.24015818242558961693, 1.6536545626831027356,
    ];

    private static ReadOnlySpan<double> Outer =>
    [
        2.2137376921775787049e-09, 9.0756561938885390979e-08, -2.7517406297064545428e-07, 1.8239629214389227755e-08,
        1.5027403968909827627e-06, -4.013867526981545969e-06, 2.9234449089955446044e-06, 1.2475304481671778723e-05,
        -4.7318229009055733981e-05, 6.8284851459573175448e-05, 2.4031110387097893999e-05, -0.0003550375203628474796,
        0.00095328937973738049703, -0.0016882755560235047313, 0.0024914420961078508066, -0.0037512085075692412107,
        0.005370914553590063617, 1.0052589676941592334, 3.0838856104922207635,
    ];

    private static ReadOnlySpan<double> Tail =>
    [
        -2.7109920616438573243e-11, -2.5556418169965252055e-10, 1.5076572693500548083e-09, -3.7894654401267369937e-09,
        7.6157012080783393804e-09, -1.4960026627149240478e-08, 2.9147953450901080826e-08, -6.7711997758452339498e-08,
        2.2900482228026654717e-07, -9.9298272942317002539e-07, 4.5260625972231537039e-06, -1.9681778105531670567e-05,
        7.5995277030017761139e-05, -0.00021503011930044477347, -0.00013871931833623122026, 1.0103004648645343977,
        4.8499064014085844221,
    ];
}
