using System.Numerics;
using BrainState.Ops;
using BrainState.Conformance.Generation;
using BrainState.UnitTests.Transforms;

namespace BrainState.UnitTests.Tensors;

/// <summary>Complex numbers, Fourier transforms, convolutions and running sums against their definitions.</summary>
public sealed class SignalTests
{
    private static Complex[] Values(Tensor x) => x.AsType(DType.Complex128).ToArray<Complex>();

    private static void Close(IEnumerable<Complex> expected, Tensor actual, double tolerance = 1e-12)
    {
        var values = Values(actual);
        Assert.Equal(expected.Count(), values.Length);
        foreach (var (e, a) in expected.Zip(values)) Assert.True((e - a).Magnitude <= tolerance * (1 + e.Magnitude), $"{a} instead of {e}");
    }

    private static Complex[] Dft(Complex[] x, int sign) =>
        [.. Enumerable.Range(0, x.Length).Select(k => x.Select((v, n) => v * Complex.FromPolarCoordinates(1, sign * 2 * Math.PI * k * n / x.Length)).Aggregate(Complex.Zero, static (s, v) => s + v))];

    [Fact]
    public void TransformsFollowTheirDefinition() => Property.Check(30, seed =>
    {
        using var scope = Backends.Reference.Enter();
        var draw = new Draw(seed);
        int n = draw.Random.Next(1, 9), length = draw.Random.Next(1, 9);
        var x = Lax.Complex(draw.Doubles([n]), draw.Doubles([n]));
        Complex[] filled = [.. Values(x).Concat(new Complex[length]).Take(length)];
        var scale = Math.Sqrt(length);
        Close(Dft(filled, -1), Np.Fft(x, length));
        Close(Dft(filled, 1).Select(v => v / length), Np.IFft(x, length));
        Close(Dft(filled, -1).Select(v => v / scale), Np.Fft(x, length, norm: FftNorm.Ortho));
        Close(Dft(filled, -1).Select(v => v / length), Np.Fft(x, length, norm: FftNorm.Forward));
        Close(Dft(filled, 1), Np.IFft(x, length, norm: FftNorm.Forward));

        var real = draw.Doubles([n]);
        Close(Dft(Values(real), -1).Take(n / 2 + 1), Np.RFft(real));
        Close(Values(real), Np.IRFft(Np.RFft(real), n));
        var matrix = draw.Doubles([n, length, 2]);
        Close(Values(matrix), Np.IFftN(Np.FftN(matrix, axes: [0, 1]), axes: [0, 1]));
        Close(Values(Np.MoveAxis(Np.Fft(Np.MoveAxis(matrix, 1, -1)), -1, 1)), Np.Fft(matrix, axis: 1));
        Close(Values(matrix), Np.IRFftN(Np.RFftN(matrix), [n, length, 2]));
        Close(Values(Np.IFft2(Np.Fft2(matrix))), matrix);
        Close(Values(matrix), Np.IFftShift(Np.FftShift(matrix)));
    });

    [Fact]
    public void FrequenciesAndShifts()
    {
        using var scope = Backends.Reference.Enter();
        Approximately.Equal([0, 1, 2, -2, -1], (Np.FftFreq(5, 0.2)).Doubles(), 1e-6);
        Approximately.Equal([0, 0.25, -0.5, -0.25], Np.FftFreq(4).Doubles(), 1e-6);
        Approximately.Equal([0, 0.25, 0.5], Np.RFftFreq(4).Doubles(), 1e-6);
        Assert.Equal([3.0, 4, 0, 1, 2], Np.FftShift(Np.Arange(5)).Doubles());
        Assert.Equal([3.0, 4, 0, 1, 2], Np.Roll(Np.Arange(5), 2).Doubles());
        Assert.Equal([1.0, 2, 0, 4, 5, 3], Np.Roll(Np.Arange(6).Reshape(2, 3), -7, 1).Doubles());
        Assert.Equal([5.0, 0, 1, 2, 3, 4], Np.Roll(Np.Arange(6).Reshape(2, 3), 1).Doubles());
    }

    [Fact]
    public void ConvolutionsOfVectors() => Property.Check(40, seed =>
    {
        using var scope = Backends.Reference.Enter();
        var draw = new Draw(seed);
        var (x, y) = (draw.Doubles([draw.Random.Next(1, 7)]), draw.Doubles([draw.Random.Next(1, 7)]));
        var (a, b) = (x.Doubles(), y.Doubles());
        double[] full = [.. Enumerable.Range(0, a.Length + b.Length - 1).Select(n => Enumerable.Range(0, a.Length).Where(k => n - k >= 0 && n - k < b.Length).Sum(k => a[k] * b[n - k]))];
        var (longer, shorter) = (Math.Max(a.Length, b.Length), Math.Min(a.Length, b.Length));
        Approximately.Equal(full, Np.Convolve(x, y).Doubles(), 1e-12);
        Approximately.Equal([.. full.Skip((shorter - 1) / 2).Take(longer)], Np.Convolve(x, y, ConvolveMode.Same).Doubles(), 1e-12);
        Approximately.Equal([.. full.Skip(shorter - 1).Take(longer - shorter + 1)], Np.Convolve(x, y, ConvolveMode.Valid).Doubles(), 1e-12);
    });

    [Fact]
    public void RunningSumsAndPadding()
    {
        using var scope = Backends.Reference.Enter();
        Tensor x = Tensor.From<int>([1, 2, 3, 4, 5, 6], [2, 3]);
        Assert.Equal([1.0, 3, 6, 10, 15, 21], Np.CumSum(x).Doubles());
        Assert.Equal([1.0, 2, 3, 5, 7, 9], Np.CumSum(x, 0).Doubles());
        Assert.Equal([1.0, 2, 6, 4, 20, 120], Np.CumProd(x, -1).Doubles());
        Assert.Equal(DType.Int32, Np.CumSum(Tensor.From<bool>([true, true])).DType);
        Assert.Equal([new EdgePadding(0, 1), new EdgePadding(1, 1), default], Lax.PaddingOf(PaddingMode.Same, [4, 5, 3], [3, 3, 1], [2, 1, 5]).ToArray());
        Assert.Equal([default, default], Lax.PaddingOf(PaddingMode.Valid, [4, 5], [3, 3], [2, 1]).ToArray());
        Assert.Equal(Shape.Create([1, 1, 2]), Lax.Conv(Np.Ones([1, 1, 4]), Np.Ones([1, 1, 3]), [2], PaddingMode.Same).Shape);
    }

    [Fact]
    public void PartsOfComplexNumbers()
    {
        using var scope = Backends.Reference.Enter();
        var z = Lax.Complex(new double[] { 3, 0, -1 }, new double[] { 4, -2, 0 });
        Assert.Equal([3.0, 0, -1], Np.Real(z).Doubles());
        Assert.Equal([4.0, -2, 0], Np.Imag(z).Doubles());
        Close([new(3, -4), new(0, 2), -1], Np.Conj(z));
        Approximately.Equal([Math.Atan2(4, 3), -Math.PI / 2, Math.PI], Np.Angle(z).Doubles(), 1e-15);
        Assert.Equal([0.0, 0], Np.Imag(new double[] { 1, 2 }).Doubles());
        var draw = new Draw(5);
        Derivatives.Check(x => Np.Angle(Lax.Complex(x[0], x[1])) + Np.Abs(Np.Fft(x[0])), [draw.Doubles([3], 0.5, 2), draw.Doubles([3], 0.5, 2)], draw, "angle");
    }
}
