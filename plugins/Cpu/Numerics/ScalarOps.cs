using System.Numerics;
using BrainState.Cpu.Kernels;

namespace BrainState.Cpu.Numerics;

/// <summary>A float32 function computed in float64 and rounded: half a unit in the last place.</summary>
internal readonly struct Via64<TOp> : IScalarUnaryOp<float> where TOp : struct, IScalarUnaryOp<double>
{
    public static float Apply(float x) => (float)TOp.Apply(x);
}

/// <summary>A float32 function of two operands computed in float64 and rounded.</summary>
internal readonly struct BinaryVia64<TOp> : IScalarBinaryOp<float> where TOp : struct, IScalarBinaryOp<double>
{
    public static float Apply(float x, float y) => (float)TOp.Apply(x, y);
}

internal readonly struct ExpOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Exp(x); }

internal readonly struct Exp2Op : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Pow(2, x); }

internal readonly struct Expm1Op : IScalarUnaryOp<double> { public static double Apply(double x) => Float64Logarithm.Expm1(x); }

internal readonly struct LogOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Log(x); }

internal readonly struct Log1pOp : IScalarUnaryOp<double> { public static double Apply(double x) => Float64Logarithm.Log1p(x); }

internal readonly struct SinOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Sin(x); }

internal readonly struct CosOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Cos(x); }

internal readonly struct TanOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Tan(x); }

internal readonly struct AsinOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Asin(x); }

internal readonly struct AcosOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Acos(x); }

internal readonly struct AtanOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Atan(x); }

internal readonly struct SinhOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Sinh(x); }

internal readonly struct CoshOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Cosh(x); }

internal readonly struct TanhOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Tanh(x); }

internal readonly struct AsinhOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Asinh(x); }

internal readonly struct AcoshOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Acosh(x); }

internal readonly struct AtanhOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Atanh(x); }

internal readonly struct CbrtOp : IScalarUnaryOp<double> { public static double Apply(double x) => Math.Cbrt(x); }

internal readonly struct ErfOp : IScalarUnaryOp<double> { public static double Apply(double x) => Float64Error.Erf(x); }

internal readonly struct ErfcOp : IScalarUnaryOp<double> { public static double Apply(double x) => Float64Error.Erfc(x); }

internal readonly struct LgammaOp : IScalarUnaryOp<double> { public static double Apply(double x) => Float64Gamma.Log(x); }

internal readonly struct DigammaOp : IScalarUnaryOp<double> { public static double Apply(double x) => Float64Gamma.Digamma(x); }

internal readonly struct ErfInvOp : IScalarUnaryOp<double> { public static double Apply(double x) => Float64Error.ErfInv(x); }

internal readonly struct LogisticOp : IScalarUnaryOp<double>
{
    public static double Apply(double x)
    {
        var e = Math.Exp(-Math.Abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }
}

internal readonly struct PowOp : IScalarBinaryOp<double> { public static double Apply(double x, double y) => Math.Pow(x, y); }

internal readonly struct Atan2Op : IScalarBinaryOp<double> { public static double Apply(double y, double x) => Math.Atan2(y, x); }

/// <summary>The remainder with the sign of x; NaN for a zero divisor.</summary>
internal readonly struct FloatRemainderOp : IScalarBinaryOp<float>, IScalarBinaryOp<double>
{
    public static float Apply(float x, float y) => x % y;

    public static double Apply(double x, double y) => x % y;
}

/// <summary>Rounds towards zero; x/0 is all ones, and the most negative number divided by −1 is itself.</summary>
internal readonly struct IntegerDivideOp<T> : IScalarBinaryOp<T> where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T x, T y) => T.IsZero(y) ? ~T.Zero : IntegerLimits.IsMinusOne(y) ? unchecked(T.Zero - x) : x / y;
}

/// <summary>The remainder with the sign of x; x rem 0 is x.</summary>
internal readonly struct IntegerRemainderOp<T> : IScalarBinaryOp<T> where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T x, T y) => T.IsZero(y) ? x : IntegerLimits.IsMinusOne(y) ? T.Zero : x % y;
}

internal static class IntegerLimits
{
    /// <summary>Whether this is −1 of a signed type, by which division must not use the instruction that traps on overflow.</summary>
    public static bool IsMinusOne<T>(T x) where T : unmanaged, IBinaryInteger<T> => T.IsNegative(x) && x == ~T.Zero;
}
