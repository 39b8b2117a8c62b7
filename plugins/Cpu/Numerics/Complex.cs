using System.Numerics;

namespace BrainState.Cpu.Numerics;

/// <summary>A complex number as it is stored: complex64 for float, complex128 for double.</summary>
internal readonly struct Complex<T>(T real, T imaginary)
    : IAdditionOperators<Complex<T>, Complex<T>, Complex<T>>, IMultiplyOperators<Complex<T>, Complex<T>, Complex<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Real { get; } = real;

    public T Imaginary { get; } = imaginary;

    /// <summary>The nearest number to <paramref name="z"/>.</summary>
    public static Complex<T> Round(Complex z) => new(T.CreateTruncating(z.Real), T.CreateTruncating(z.Imaginary));

    /// <summary>The same number in float64 parts.</summary>
    public Complex Widen() => new(double.CreateTruncating(Real), double.CreateTruncating(Imaginary));

    public Complex<T> Conjugate() => new(Real, -Imaginary);

    public static Complex<T> operator +(Complex<T> x, Complex<T> y) => new(x.Real + y.Real, x.Imaginary + y.Imaginary);

    public static Complex<T> operator -(Complex<T> x, Complex<T> y) => new(x.Real - y.Real, x.Imaginary - y.Imaginary);

    public static Complex<T> operator *(Complex<T> x, Complex<T> y) =>
        new(x.Real * y.Real - x.Imaginary * y.Imaginary, x.Real * y.Imaginary + x.Imaginary * y.Real);

    public static Complex<T> operator *(Complex<T> x, T y) => new(x.Real * y, x.Imaginary * y);
}
