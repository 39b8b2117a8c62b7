using BrainState.Ops;

namespace BrainState.UnitTests.Cpu;

/// <summary>Elementwise ops on one element.</summary>
internal static partial class Reference
{
    private static Element Unary(ElementwiseUnary op, DType dtype, Element x) => op switch
    {
        ConvertElementType convert => Converted(x, convert.NewDType),
        StopGradient => x,
        IntegerPow power => IntegerPower(x, power.Y, dtype),
        _ => x.IsFloat ? UnaryFloat(op, x.Float) : UnaryInteger(op, dtype, x.Integer),
    };

    private static Element UnaryFloat(ElementwiseUnary op, double x) => op switch
    {
        IsFinite => Element.Of(double.IsFinite(x)),
        Neg => Element.Of(-x),
        Abs => Element.Of(Math.Abs(x)),
        Sign => Element.Of(double.IsNaN(x) || x == 0 ? x : Math.Sign(x)),
        Floor => Element.Of(Math.Floor(x)),
        Ceil => Element.Of(Math.Ceiling(x)),
        Round round => Element.Of(Math.Round(x, round.Method == RoundingMethod.ToNearestEven ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero)),
        Square => Element.Of(x * x),
        Sqrt => Element.Of(Math.Sqrt(x)),
        Rsqrt => Element.Of(1 / Math.Sqrt(x)),
        Cbrt => Element.Of(Math.Cbrt(x)),
        Exp => Element.Of(Math.Exp(x)),
        Exp2 => Element.Of(Math.Pow(2, x)),
        Expm1 => Element.Of(SpecialFunctions.Expm1(x)),
        Log => Element.Of(Math.Log(x)),
        Log1p => Element.Of(SpecialFunctions.Log1p(x)),
        Tanh => Element.Of(Math.Tanh(x)),
        Logistic => Element.Of(x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x))),
        Sin => Element.Of(Math.Sin(x)),
        Cos => Element.Of(Math.Cos(x)),
        Tan => Element.Of(Math.Tan(x)),
        Asin => Element.Of(Math.Asin(x)),
        Acos => Element.Of(Math.Acos(x)),
        Atan => Element.Of(Math.Atan(x)),
        Sinh => Element.Of(Math.Sinh(x)),
        Cosh => Element.Of(Math.Cosh(x)),
        Asinh => Element.Of(Math.Asinh(x)),
        Acosh => Element.Of(Math.Acosh(x)),
        Atanh => Element.Of(Math.Atanh(x)),
        Erf => Element.Of(SpecialFunctions.Erf(x)),
        ErfInv => Element.Of(SpecialFunctions.ErfInv(x)),
        _ => throw new NotSupportedException(op.Name),
    };

    private static Element UnaryInteger(ElementwiseUnary op, DType dtype, Int128 x) => op switch
    {
        Neg => Element.Of(-x),
        Abs => Element.Of(Int128.Abs(x)),
        Sign => Element.Of((Int128)Int128.Sign(x)),
        Square => Element.Of((x & ulong.MaxValue) * (x & ulong.MaxValue)),
        Not => dtype == DType.Bool ? Element.Of(x == 0) : Element.Of(~x),
        _ => throw new NotSupportedException(op.Name),
    };

    private static Element IntegerPower(Element x, int y, DType dtype)
    {
        if (x.IsFloat) return Element.Of(y == 0 ? 1 : Math.Pow(x.Float, y));
        var power = Element.Of((Int128)1);
        for (var i = 0; i < y; i++) power = Element.Of(power.Integer * x.Integer).RoundTo(dtype);
        return power;
    }

    private static Element Converted(Element x, DType to)
    {
        if (to == DType.Bool) return Element.Of(x.IsFloat ? x.Float != 0 : x.Integer != 0);
        if (to.IsFloating) return Element.Of(x.IsFloat ? x.Float : ToOddDouble(x.Integer));
        if (!x.IsFloat) return x;
        if (double.IsNaN(x.Float)) return Element.Of((Int128)0);
        var (low, high) = (Bound(to, highest: false).Integer, Bound(to, highest: true).Integer);
        return Element.Of(x.Float >= (double)high ? high : x.Float <= (double)low ? low : (Int128)Math.Truncate(x.Float));
    }

    /// <summary>An integer as a double that rounds on to fewer bits as the integer would: what is cut off stays as a lowest bit.</summary>
    private static double ToOddDouble(Int128 x)
    {
        var magnitude = Int128.Abs(x);
        if (magnitude >> 53 == 0) return (double)x;
        var odd = (double)((magnitude >> 11 << 11) | ((magnitude & 0x7FF) != 0 ? 0x800 : 0));
        var result = x < 0 ? -odd : odd;
        // For float64 itself the nearest double is right.
        return Math.Abs((double)magnitude - odd) <= 2048 && (magnitude & 0x7FF) != 0 ? PickForDouble(x, result) : result;
    }

    private static double PickForDouble(Int128 x, double odd) => (float)odd == (float)(double)x && (double)(BFloat16)odd == (double)(BFloat16)(double)x ? (double)x : odd;

    private static Element Binary(ElementwiseBinary op, DType dtype, Element x, Element y) =>
        x.IsFloat ? BinaryFloat(op, x.Float, y.Float) : BinaryInteger(op, dtype, x.Integer, y.Integer);

    private static Element BinaryFloat(ElementwiseBinary op, double x, double y) => op switch
    {
        Add => Element.Of(x + y),
        Sub => Element.Of(x - y),
        Mul => Element.Of(x * y),
        Div => Element.Of(x / y),
        Rem => Element.Of(x % y),
        Max => Element.Of(Math.Max(x, y)),
        Min => Element.Of(Math.Min(x, y)),
        Pow => Element.Of(Math.Pow(x, y)),
        Atan2 => Element.Of(Math.Atan2(x, y)),
        Eq => Element.Of(x == y),
        Ne => Element.Of(x != y),
        Lt => Element.Of(x < y),
        Le => Element.Of(x <= y),
        Gt => Element.Of(x > y),
        Ge => Element.Of(x >= y),
        _ => throw new NotSupportedException(op.Name),
    };

    private static Element BinaryInteger(ElementwiseBinary op, DType dtype, Int128 x, Int128 y)
    {
        var width = 8 * dtype.Size;
        var isInside = y >= 0 && y < width;
        var mask = ((Int128)1 << width) - 1;
        var signed = (x & ((Int128)1 << (width - 1))) != 0 ? x | ~mask : x & mask;
        return op switch
        {
            Add => Element.Of(x + y),
            Sub => Element.Of(x - y),
            Mul => Element.Of((x & ulong.MaxValue) * (y & ulong.MaxValue)),
            Div => Element.Of(y == 0 ? -1 : x / y),
            Rem => Element.Of(y == 0 ? x : x % y),
            Max => Element.Of(Int128.Max(x, y)),
            Min => Element.Of(Int128.Min(x, y)),
            And => Element.Of(x & y),
            Or => Element.Of(x | y),
            Xor => Element.Of(x ^ y),
            ShiftLeft => Element.Of(isInside ? x << (int)y : 0),
            ShiftRightLogical => Element.Of(isInside ? (x & mask) >> (int)y : 0),
            ShiftRightArithmetic => Element.Of(signed >> (isInside ? (int)y : width)),
            Eq => Element.Of(x == y),
            Ne => Element.Of(x != y),
            Lt => Element.Of(x < y),
            Le => Element.Of(x <= y),
            Gt => Element.Of(x > y),
            Ge => Element.Of(x >= y),
            _ => throw new NotSupportedException(op.Name),
        };
    }
}
