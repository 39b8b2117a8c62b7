using System.Numerics;

namespace BrainState.Cpu.Numerics;

/// <summary>
/// Functions that <see cref="Complex"/> lacks or whose branch cuts it treats in its own way. Principal values and signed zeros are those of C99:
/// inverse functions are computed in the first quadrant, where nothing is cut, and mirrored.
/// </summary>
internal static class ComplexFunctions
{
    public static Complex Asin(Complex z)
    {
        var w = Complex.Asin(FirstQuadrant(z));
        return new(Math.CopySign(w.Real, z.Real), Math.CopySign(w.Imaginary, z.Imaginary));
    }

    public static Complex Acos(Complex z)
    {
        var w = Complex.Acos(FirstQuadrant(z));
        return new(double.IsNegative(z.Real) ? Math.PI - w.Real : w.Real, Math.CopySign(w.Imaginary, -z.Imaginary));
    }

    /// <summary>asinh z = −i asin(iz).</summary>
    public static Complex Asinh(Complex z)
    {
        var w = Asin(new(-z.Imaginary, z.Real));
        return new(w.Imaginary, -w.Real);
    }

    /// <summary>acosh z = ±i acos z, with the sign that makes the real part positive.</summary>
    public static Complex Acosh(Complex z)
    {
        var w = Acos(z);
        return new(Math.Abs(w.Imaginary), Math.CopySign(w.Real, z.Imaginary));
    }

    /// <summary>¼ log(|1 + z|² / |1 − z|²) = ¼ log1p(4x / ((1 − x)² + y²)), and half the angle between 1 + z and 1 − z.</summary>
    public static Complex Atanh(Complex z)
    {
        var (x, y) = (Math.Abs(z.Real), Math.Abs(z.Imaginary));
        // Where squares overflow, 1 / z and a right angle are all that is left; where they underflow, z is next to the pole.
        var largest = Math.Max(x, y);
        if (largest > 1e150) return new(Math.CopySign(double.IsInfinity(largest) ? 0 : x / largest / largest, z.Real), Math.CopySign(Math.PI / 2, z.Imaginary));
        var distance = (1 - x) * (1 - x) + y * y;
        var real = distance < 1e-300 ? 0.5 * (Math.Log(2) - Math.Log(double.Hypot(1 - x, y))) : 0.25 * Float64Logarithm.Log1p(4 * x / distance);
        var imaginary = 0.5 * Math.Atan2(2 * y, (1 - x) * (1 + x) - y * y);
        return new(Math.CopySign(real, z.Real), Math.CopySign(imaginary, z.Imaginary));
    }

    /// <summary>atan z = −i atanh(iz).</summary>
    public static Complex Atan(Complex z)
    {
        var w = Atanh(new(-z.Imaginary, z.Real));
        return new(w.Imaginary, -w.Real);
    }

    /// <summary>log|z| keeps its digits next to the unit circle, as ½ log1p((a − 1)(a + 1) + b²), and where the magnitude is not a normal number or overflows.</summary>
    public static Complex Log(Complex z)
    {
        var (x, y) = (Math.Abs(z.Real), Math.Abs(z.Imaginary));
        var (a, b) = (Math.Max(x, y), Math.Min(x, y));
        var logarithm = a switch
        {
            >= 0.5 and <= 2 => 0.5 * Float64Logarithm.Log1p((a - 1) * (a + 1) + b * b),
            > 0 and < 1e-290 => Math.Log(double.Hypot(a * 1e290, b * 1e290)) - 290 * Math.Log(10),
            > 1e300 and < double.PositiveInfinity => Math.Log(double.Hypot(a / 4, b / 4)) + Math.Log(4),
            _ => Math.Log(double.Hypot(x, y)),
        };
        return new(logarithm, Math.Atan2(z.Imaginary, z.Real));
    }

    /// <summary>Near 0 log|1 + z| = ½ log1p(x(2 + x) + y²) keeps the digits that 1 + z loses.</summary>
    public static Complex Log1p(Complex z)
    {
        var (x, y) = (z.Real, z.Imaginary);
        if (Math.Max(Math.Abs(x), Math.Abs(y)) > 0.5) return Log(new(1 + x, y));
        return new(0.5 * Float64Logarithm.Log1p(x * (2 + x) + y * y), Math.Atan2(y, 1 + x));
    }

    /// <summary>The real part eˣ cos y − 1 as (eˣ − 1) cos y − 2 sin²(y/2), in which nothing cancels near 0.</summary>
    public static Complex Expm1(Complex z)
    {
        if (z.Imaginary == 0) return new(Float64Logarithm.Expm1(z.Real), z.Imaginary);
        var (sine, cosine) = Math.SinCos(z.Imaginary);
        var half = Math.Sin(0.5 * z.Imaginary);
        return new(Float64Logarithm.Expm1(z.Real) * cosine - 2 * half * half, Math.Exp(z.Real) * sine);
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

    /// <summary>1 / (1 + e⁻ᶻ), on the left half plane as eᶻ / (1 + eᶻ) so that nothing overflows.</summary>
    public static Complex Logistic(Complex z)
    {
        var decaying = Complex.Exp(z.Real < 0 ? z : -z);
        return (z.Real < 0 ? decaying : Complex.One) / (1 + decaying);
    }

    private static Complex FirstQuadrant(Complex z) => new(Math.Abs(z.Real), Math.Abs(z.Imaginary));
}
