namespace BrainState.Arrays;

/// <summary>Functions of real numbers, computed in 53 bits and rounded once.</summary>
internal static class Functions
{
    public static Kernel? Of(Op op, DType dtype) => op switch
    {
        Pow => Kernels.Map<double, double>(Math.Pow),
        Atan2 => Kernels.Map<double, double>(Math.Atan2),
        IsFinite => Kernels.Map<double, Int128>(static x => double.IsFinite(x) ? 1 : 0),
        _ => OfOne(op, dtype) is { } function ? Kernels.Map(function) : null,
    };

    private static Func<double, double>? OfOne(Op op, DType dtype) => op switch
    {
        Exp => Math.Exp,
        Exp2 => static x => Math.Pow(2, x),
        Expm1 => ExpMinusOne,
        Log => Math.Log,
        Log1p => LogOfOnePlus,
        Sqrt => Math.Sqrt,
        Cbrt => Math.Cbrt,
        Sin => Math.Sin,
        Cos => Math.Cos,
        Asin => Math.Asin,
        Acos => Math.Acos,
        Atan => Math.Atan,
        Tanh => Math.Tanh,
        Asinh => Math.Asinh,
        Acosh => Math.Acosh,
        Atanh => Math.Atanh,
        Erf => ErrorFunction.Erf,
        Erfc => ErrorFunction.Complement,
        ErfInv => ErrorFunction.Inverse,
        Floor => Math.Floor,
        Ceil => Math.Ceiling,
        Round { Method: RoundingMethod.ToNearestEven } => Math.Round,
        Round => static x => Math.Round(x, MidpointRounding.AwayFromZero),
        Sign => static x => double.IsNaN(x) || x == 0 ? x : Math.Sign(x),
        ReducePrecision reduce => x => Reduced(x, reduce, dtype),
        _ => null,
    };

    /// <summary>What rounding took from eˣ is put back in proportion (W. Kahan).</summary>
    private static double ExpMinusOne(double x)
    {
        var power = Math.Exp(x);
        return power == 1 ? x : power - 1 == -1 || double.IsInfinity(power) ? power - 1 : (power - 1) * (x / Math.Log(power));
    }

    private static double LogOfOnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : double.IsInfinity(sum) ? Math.Log(sum) : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary>Rounded to multiples of the last place that stays, then held against the range.</summary>
    private static double Reduced(double x, ReducePrecision op, DType dtype)
    {
        if (!double.IsFinite(x) || x == 0) return x;
        var (least, exponentBits) = dtype switch { DType.Float16 => (-14, 5), DType.Float64 => (-1022, 11), _ => (-126, 8) };
        var place = Math.Max(Math.ILogB(x), least) - op.MantissaBits;
        var rounded = Math.ScaleB(Math.Round(Math.ScaleB(x, -place)), place);
        if (op.ExponentBits >= exponentBits) return rounded;
        var largest = (1 << (op.ExponentBits - 1)) - 1;
        var exponent = Math.ILogB(rounded);
        return exponent > largest ? double.CopySign(double.PositiveInfinity, x) : exponent <= -largest ? double.CopySign(0, x) : rounded;
    }
}
