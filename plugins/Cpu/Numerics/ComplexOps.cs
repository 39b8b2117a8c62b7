using System.Numerics;
using BrainState.Cpu.Kernels;

namespace BrainState.Cpu.Numerics;

/// <summary>A complex function on stored numbers: computed in float64 parts and rounded once.</summary>
internal readonly struct ComplexUnaryAt<TOp, T> : IScalarUnaryOp<Complex<T>>
    where TOp : struct, IScalarUnaryOp<Complex> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Complex<T> Apply(Complex<T> z) => Complex<T>.Round(TOp.Apply(z.Widen()));
}

/// <summary>A complex function of two operands on stored numbers: computed in float64 parts and rounded once.</summary>
internal readonly struct ComplexBinaryAt<TOp, T> : IScalarBinaryOp<Complex<T>>
    where TOp : struct, IScalarBinaryOp<Complex> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Complex<T> Apply(Complex<T> x, Complex<T> y) => Complex<T>.Round(TOp.Apply(x.Widen(), y.Widen()));
}

internal readonly struct ComplexAddOp : IScalarBinaryOp<Complex> { public static Complex Apply(Complex x, Complex y) => x + y; }

internal readonly struct ComplexSubtractOp : IScalarBinaryOp<Complex> { public static Complex Apply(Complex x, Complex y) => x - y; }

internal readonly struct ComplexMultiplyOp : IScalarBinaryOp<Complex> { public static Complex Apply(Complex x, Complex y) => x * y; }

internal readonly struct ComplexDivideOp : IScalarBinaryOp<Complex> { public static Complex Apply(Complex x, Complex y) => x / y; }

internal readonly struct ComplexPowOp : IScalarBinaryOp<Complex> { public static Complex Apply(Complex x, Complex y) => Complex.Pow(x, y); }

internal readonly struct ComplexNegateOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => -z; }

internal readonly struct ConjugateOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => Complex.Conjugate(z); }

internal readonly struct ComplexSignOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => z == Complex.Zero ? z : z / Complex.Abs(z); }

internal readonly struct ComplexSquareOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => z * z; }

internal readonly struct ComplexSqrtOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => Complex.Sqrt(z); }

internal readonly struct ComplexReciprocalSqrtOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => 1 / Complex.Sqrt(z); }

internal readonly struct ComplexExpOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => Complex.Exp(z); }

internal readonly struct ComplexExp2Op : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => Complex.Exp(z * Math.Log(2)); }

internal readonly struct ComplexExpm1Op : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => ComplexFunctions.Expm1(z); }

internal readonly struct ComplexLogOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => ComplexFunctions.Log(z); }

internal readonly struct ComplexLog1pOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => ComplexFunctions.Log1p(z); }

internal readonly struct ComplexLogisticOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => ComplexFunctions.Logistic(z); }

internal readonly struct ComplexSinOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => Complex.Sin(z); }

internal readonly struct ComplexCosOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => Complex.Cos(z); }

internal readonly struct ComplexTanOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => ComplexFunctions.Tan(z); }

internal readonly struct ComplexAsinOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => ComplexFunctions.Asin(z); }

internal readonly struct ComplexAcosOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => ComplexFunctions.Acos(z); }

internal readonly struct ComplexAtanOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => ComplexFunctions.Atan(z); }

internal readonly struct ComplexSinhOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => Complex.Sinh(z); }

internal readonly struct ComplexCoshOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => Complex.Cosh(z); }

internal readonly struct ComplexTanhOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => ComplexFunctions.Tanh(z); }

internal readonly struct ComplexAsinhOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => ComplexFunctions.Asinh(z); }

internal readonly struct ComplexAcoshOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => ComplexFunctions.Acosh(z); }

internal readonly struct ComplexAtanhOp : IScalarUnaryOp<Complex> { public static Complex Apply(Complex z) => ComplexFunctions.Atanh(z); }

internal readonly struct ComplexEqualOp<T> : IScalarRelation<Complex<T>> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool Apply(Complex<T> x, Complex<T> y) => x.Real == y.Real && x.Imaginary == y.Imaginary;
}

internal readonly struct ComplexNotEqualOp<T> : IScalarRelation<Complex<T>> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool Apply(Complex<T> x, Complex<T> y) => x.Real != y.Real || x.Imaginary != y.Imaginary;
}

/// <summary>|z|, without overflow on the way.</summary>
internal readonly struct MagnitudeOp<T> : IScalarMap<Complex<T>, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static T Apply(Complex<T> z) => T.CreateTruncating(Complex.Abs(z.Widen()));
}

internal readonly struct RealPartOp<T> : IScalarMap<Complex<T>, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static T Apply(Complex<T> z) => z.Real;
}

internal readonly struct ImaginaryPartOp<T> : IScalarMap<Complex<T>, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static T Apply(Complex<T> z) => z.Imaginary;
}

/// <summary>A real number as a complex one.</summary>
internal readonly struct FromRealOp<T> : IScalarMap<T, Complex<T>> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Complex<T> Apply(T x) => new(x, T.Zero);
}

/// <summary>Between complex64 and complex128.</summary>
internal readonly struct ComplexConvertOp<TFrom, TTo> : IScalarMap<Complex<TFrom>, Complex<TTo>>
    where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom> where TTo : unmanaged, IBinaryFloatingPointIeee754<TTo>
{
    public static Complex<TTo> Apply(Complex<TFrom> z) => new(TTo.CreateTruncating(z.Real), TTo.CreateTruncating(z.Imaginary));
}
