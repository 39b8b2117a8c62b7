using System.Numerics;

namespace BrainState.Interpretation.Numerics;

/// <summary>Functions of complex numbers that <see cref="Complex"/> lacks, with the principal values and branch cuts of C99.</summary>
internal static class ComplexFunctions
{
    public static Complex Exp2(Complex z) => Complex.Exp(z * Math.Log(2));

    /// <summary>log|z| keeps its digits next to the unit circle, as ½ log1p((a − 1)(a + 1) + b²), and where the magnitude is not a normal number or overflows.</summary>
    public static Complex Log(Complex z)
    {
        var (x, y) = (Math.Abs(z.Real), Math.Abs(z.Imaginary));
        var (a, b) = (Math.Max(x, y), Math.Min(x, y));
        var logarithm = a switch
        {
            >= 0.5 and <= 2 => 0.5 * Accurate.Log1p((a - 1) * (a + 1) + b * b),
            > 0 and < 1e-290 => Math.Log(double.Hypot(a * 1e290, b * 1e290)) - 290 * Math.Log(10),
            > 1e300 and < double.PositiveInfinity => Math.Log(double.Hypot(a / 4, b / 4)) + Math.Log(4),
            _ => Math.Log(double.Hypot(x, y)),
        };
        return new(logarithm, Math.Atan2(z.Imaginary, z.Real));
    }

    /// <summary>log|1 + z| = ½ log(1 + x(2 + x) + y²), accurate near 0.</summary>
    public static Complex Log1p(Complex z)
    {
        var (x, y) = (z.Real, z.Imaginary);
        return Math.Abs(x) > 0.5 || Math.Abs(y) > 0.5
            ? Log(1 + z)
            : new(0.5 * Accurate.Log1p((x * (2 + x)) + (y * y)), Math.Atan2(y, 1 + x));
    }

    /// <summary>The real part is (eˣ − 1) cos y − 2 sin²(y/2), accurate near 0.</summary>
    public static Complex Expm1(Complex z)
    {
        var half = Math.Sin(z.Imaginary / 2);
        return z.Imaginary == 0
            ? new(Accurate.Expm1(z.Real), z.Imaginary)
            : new((Accurate.Expm1(z.Real) * Math.Cos(z.Imaginary)) - (2 * half * half), Math.Exp(z.Real) * Math.Sin(z.Imaginary));
    }

    /// <summary>
    /// (sin x cos x + i sinh y cosh y) / (cos² x + sinh² y), in which nothing cancels next to a pole; far from the real axis the hyperbolic functions are
    /// exponentials.
    /// </summary>
    public static Complex Tan(Complex z)
    {
        var (sine, cosine) = Math.SinCos(z.Real);
        var y = z.Imaginary;
        if (Math.Abs(y) > 20) return new(4 * sine * cosine * Math.Exp(-2 * Math.Abs(y)), Math.CopySign(1, y));
        var (sinh, cosh) = (Math.Sinh(y), Math.Cosh(y));
        var divisor = (cosine * cosine) + (sinh * sinh);
        return new(sine * cosine / divisor, sinh * cosh / divisor);
    }

    /// <summary>tanh z = −i tan(iz).</summary>
    public static Complex Tanh(Complex z)
    {
        var w = Tan(new(-z.Imaginary, z.Real));
        return new(w.Imaginary, -w.Real);
    }

    public static Complex Logistic(Complex z) => z.Real < 0 ? Complex.Exp(z) / (1 + Complex.Exp(z)) : 1 / (1 + Complex.Exp(-z));

    /// <summary>The imaginary part has the sign of that of z, also on the branch cut, where <see cref="Complex.Asin"/> has its own.</summary>
    public static Complex Asin(Complex z) => WithImaginarySign(Complex.Asin(z), z.Imaginary);

    /// <summary>The imaginary part has the other sign than that of z.</summary>
    public static Complex Acos(Complex z) => WithImaginarySign(Complex.Acos(z), -z.Imaginary);

    public static Complex Asinh(Complex z) => OverI(Asin(TimesI(z)));

    /// <summary>±i acos z, with the sign that makes the real part positive.</summary>
    public static Complex Acosh(Complex z)
    {
        var w = Acos(z);
        return new(Math.Abs(w.Imaginary), Math.CopySign(w.Real, z.Imaginary));
    }

    public static Complex Atanh(Complex z) => (Log1p(z) - Log1p(-z)) / 2;

    public static Complex Atan(Complex z) => OverI(Atanh(TimesI(z)));

    /// <summary>z / |z|, and 0 for 0.</summary>
    public static Complex Sign(Complex z) => z == Complex.Zero ? z : z / Complex.Abs(z);

    private static Complex WithImaginarySign(Complex z, double sign) => new(z.Real, Math.CopySign(z.Imaginary, sign));

    private static Complex TimesI(Complex z) => new(-z.Imaginary, z.Real);

    private static Complex OverI(Complex z) => new(z.Imaginary, -z.Real);
}
