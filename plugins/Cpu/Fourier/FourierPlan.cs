using System.Numerics;
using System.Runtime.CompilerServices;
using BrainState.Cpu.Numerics;

namespace BrainState.Cpu.Fourier;

/// <summary>
/// The discrete Fourier transform of one length. Lengths without large prime factors are transformed factor by factor (Stockham's form, which leaves results in
/// order); others as a convolution of a length that is a power of two (L. Bluestein, 1970).
/// </summary>
internal sealed unsafe class FourierPlan<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int LargestFactor = 13;

    private readonly int length;
    private readonly int[] factors;
    private readonly Complex<T>[] roots;

    // Of Bluestein's convolution: its transform, the chirp exp(−πi k²/n), and the transform of what is convolved with, divided by the length.
    private readonly FourierPlan<T>? convolution;
    private readonly Complex<T>[] chirp = [], response = [];

    public FourierPlan(int length)
    {
        this.length = length;
        factors = Factors(length);
        if (factors.Length > 0 || length == 1)
        {
            roots = Roots(length, length, static k => k);
            return;
        }
        roots = [];
        convolution = new((int)BitOperations.RoundUpToPowerOf2((uint)(2 * length - 1)));
        chirp = Roots(length, 2 * length, k => k * k % (2 * length));
        response = new Complex<T>[2 * convolution.length];
        for (var k = 0; k < length; k++) response[k] = response[(convolution.length - k) % convolution.length] = chirp[k].Conjugate();
        fixed (Complex<T>* values = response)
        {
            var transformed = convolution.Run(values, values + convolution.length);
            response = new Span<Complex<T>>(transformed, convolution.length).ToArray();
        }
        var scale = T.One / T.CreateTruncating(convolution.length);
        for (var k = 0; k < response.Length; k++) response[k] *= scale;
    }

    /// <summary>The complex numbers that a run needs, those of the signal included.</summary>
    public int WorkCount => convolution is null ? 2 * length : 2 * convolution.length;

    /// <summary>
    /// Transforms the signal at the start of <paramref name="work"/>, <see cref="WorkCount"/> numbers, and says where in it the result is.
    /// </summary>
    public Complex<T>* Run(Complex<T>* work) => convolution is null ? Run(work, work + length) : Convolve(work);

    private static int[] Factors(int length)
    {
        var factors = new List<int>();
        foreach (var factor in (ReadOnlySpan<int>)[4, 2, 3, 5, 7, 11, LargestFactor])
            for (; length % factor == 0; length /= factor)
                factors.Add(factor);
        return length == 1 ? [.. factors] : [];
    }

    /// <summary>exp(−2πi f(k)/n) for the first k; the angle is reduced first, so that all digits are right.</summary>
    private static Complex<T>[] Roots(int count, int n, Func<long, long> f)
    {
        var roots = new Complex<T>[count];
        for (long k = 0; k < count; k++)
        {
            var (sine, cosine) = double.SinCosPi(-2.0 * f(k) / n);
            roots[k] = Complex<T>.Round(new(cosine, sine));
        }
        return roots;
    }

    private Complex<T>* Run(Complex<T>* x, Complex<T>* y)
    {
        var (rest, done) = (length, 1);
        foreach (var factor in factors)
        {
            rest /= factor;
            if (factor == 2) Pass2(x, y, rest, done);
            else if (factor == 4) Pass4(x, y, rest, done);
            else Pass(factor, x, y, rest, done);
            done *= factor;
            var swap = x;
            x = y;
            y = swap;
        }
        return x;
    }

    /// <summary>One factor: transforms of that length of numbers as far apart as the rest of the length, turned by their roots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pass(int factor, Complex<T>* x, Complex<T>* y, int rest, int done)
    {
        var terms = stackalloc Complex<T>[LargestFactor];
        var turn = length / factor;
        for (var p = 0; p < rest; p++)
            for (var q = 0; q < done; q++)
            {
                for (var k = 0; k < factor; k++) terms[k] = x[q + done * (p + rest * k)];
                for (var j = 0; j < factor; j++)
                {
                    var sum = terms[0];
                    for (var k = 1; k < factor; k++) sum += terms[k] * roots[j * k % factor * turn];
                    y[q + done * (factor * p + j)] = sum * roots[p * j * done];
                }
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pass2(Complex<T>* x, Complex<T>* y, int rest, int done)
    {
        for (var p = 0; p < rest; p++)
        {
            var root = roots[p * done];
            var (from, to) = (done * p, 2 * done * p);
            for (var q = 0; q < done; q++)
            {
                var (a, b) = (x[from + q], x[from + q + done * rest]);
                y[to + q] = a + b;
                y[to + q + done] = (a - b) * root;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pass4(Complex<T>* x, Complex<T>* y, int rest, int done)
    {
        var quarter = done * rest;
        for (var p = 0; p < rest; p++)
        {
            var (root1, root2, root3) = (roots[p * done], roots[2 * p * done], roots[3 * p * done]);
            var (from, to) = (done * p, 4 * done * p);
            for (var q = 0; q < done; q++)
            {
                var (a, b, c, d) = (x[from + q], x[from + q + quarter], x[from + q + 2 * quarter], x[from + q + 3 * quarter]);
                var (even, odd, difference, turned) = (a + c, b + d, a - c, b - d);
                // −i (b − d)
                turned = new(turned.Imaginary, -turned.Real);
                y[to + q] = even + odd;
                y[to + q + done] = (difference + turned) * root1;
                y[to + q + 2 * done] = (even - odd) * root2;
                y[to + q + 3 * done] = (difference - turned) * root3;
            }
        }
    }

    /// <summary>nk = (n² + k² − (k − n)²)/2 makes the sum a convolution with a chirp, between two products with one.</summary>
    private Complex<T>* Convolve(Complex<T>* work)
    {
        var size = convolution!.length;
        for (var k = 0; k < length; k++) work[k] *= chirp[k];
        new Span<Complex<T>>(work + length, size - length).Clear();
        var spectrum = convolution.Run(work, work + size);
        // Conjugated before and after, the transform is its own inverse.
        for (var k = 0; k < size; k++) spectrum[k] = (spectrum[k] * response[k]).Conjugate();
        var result = convolution.Run(spectrum, spectrum == work ? work + size : work);
        for (var k = 0; k < length; k++) result[k] = result[k].Conjugate() * chirp[k];
        return result;
    }
}
