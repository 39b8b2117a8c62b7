using System.Numerics;

namespace BrainState.Interpretation.Numerics;

/// <summary>Elements as exact numbers, and numbers as elements: rounded once and correctly, or wrapped around.</summary>
internal static class Number
{
    /// <summary>The exact value of an integer or bool element.</summary>
    public static Int128 Integer(Scalar x) => x.DType.Is(DTypeKinds.Signed) ? x.ToInt64() : (ulong)x.Bits;

    /// <summary>The nearest element; in integers, truncated and saturated, and 0 for NaN.</summary>
    /// <remarks>
    /// For + − · / and √ of binary32 or narrower operands, float64 has so many more bits that rounding its result again cannot change it.
    /// </remarks>
    public static Scalar Round(DType dtype, double x) => Scalar.Of(dtype, x);

    /// <summary>Both parts rounded; real dtypes keep the real part.</summary>
    public static Scalar Round(DType dtype, Complex x) => Scalar.Of(dtype, x);

    /// <summary>The integer modulo 2 to the width of <paramref name="dtype"/>.</summary>
    public static Scalar Wrap(DType dtype, Int128 x) => new(dtype, unchecked((UInt128)x));

    /// <summary>An exact integer in any dtype: wrapped around in integers, rounded once in floats, compared with 0 in bool.</summary>
    public static Scalar Of(DType dtype, BigInteger x) => dtype.Kind switch
    {
        DTypeKinds.Bool => Scalar.Of(!x.IsZero),
        DTypeKinds.Floating => RoundInteger(dtype, x),
        DTypeKinds.Complex => Round(dtype, RoundInteger(dtype == DType.Complex64 ? DType.Float32 : DType.Float64, x).ToDouble()),
        _ => new(dtype, (UInt128)(x & ulong.MaxValue)),
    };

    /// <summary>Keeps 62 leading bits, the last of which says whether any bit was lost: that cannot change the rounding to 53 bits or fewer.</summary>
    private static Scalar RoundInteger(DType dtype, BigInteger x)
    {
        var magnitude = BigInteger.Abs(x);
        var dropped = Math.Max(0, (int)magnitude.GetBitLength() - 62);
        var leading = (long)(magnitude >> dropped);
        if (((BigInteger)leading << dropped) != magnitude) leading |= 1;
        var rounded = Scalar.Of(dtype, leading).ToDouble();
        return Scalar.Of(dtype, Math.CopySign(Math.ScaleB(rounded, dropped), x.Sign));
    }
}
