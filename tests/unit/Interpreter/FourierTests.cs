using BrainState.Conformance.Generation;
using System.Numerics;
using BrainState.Interpretation;
using BrainState.Ops;

namespace BrainState.UnitTests.Interpretation;

/// <summary>Fourier transforms against numpy.fft, and against what must hold for any input.</summary>
public class FourierTests
{
    private static readonly Complex[] Z = [new(1, 2), new(0, -1), 3.5, new(2, -1), new(0.25, 1), -4];

    [Fact]
    public void ComplexTransforms()
    {
        var z = HostValue.Of<Complex>([6], Z);
        AssertClose(
            [
                new(2.75, 1.0), new(-6.607050807568877, -4.27868417743718), new(3.125, 0.350480947161671), new(6.749999999999998, 5.0),
                new(3.125, 1.649519052838329), new(-3.1429491924311215, 8.27868417743718),
            ],
            Evaluate.Op<Complex>(new Fft(FftType.Fft, [6]), z));
        AssertClose(
            [
                new(0.4583333333333333, 0.16666666666666666), new(-0.523824865405187, 1.3797806962395298), new(0.5208333333333333, 0.2749198421397215),
                new(1.1249999999999996, 0.8333333333333331), new(0.5208333333333333, 0.05841349119361183), new(-1.1011751345948126, -0.7131140295728631),
            ],
            Evaluate.Op<Complex>(new Fft(FftType.IFft, [6]), z));
    }

    [Fact]
    public void RealTransforms()
    {
        AssertClose([5.5, new(2.949593469062211, 1.8327343947338632), new(-3.199593469062211, -0.8387995221502571)],
            Evaluate.Op<Complex>(new Fft(FftType.RFft, [5]), HostValue.Of([5], 1, 2, -1, 0.5, 3)));
        AssertClose(
            [
                23, new(-4.0, -5.0), -3, new(-1.0, 1.7320508075688772), new(-5.732050807568877, 2.267949192431123), new(3.0, -1.7320508075688772),
                new(-1.0, -1.7320508075688772), new(-2.267949192431123, 5.732050807568877), new(3.0, 1.7320508075688772),
            ],
            Evaluate.Op<Complex>(new Fft(FftType.RFft, [3, 4]), HostValue.Of([3, 4], 0.0, 1, 4, 2, 2, 4, 1, 0, 1, 4, 2, 2)));
    }

    [Fact]
    public void HalfSpectraIgnoreWhatARealSignalCannotHave()
    {
        var half = HostValue.Of<Complex>([4], Z[..4]);
        AssertClose([1.6666666666666665, -0.461324865405187, 0.20534180126147952, 1.0, -0.3720084679281462, -1.0386751345948126], Real(new Fft(FftType.IRFft, [6]), half));
        AssertClose(
            [1.7142857142857142, -0.24715593801895733, -0.3466614297792018, 1.0417097399692343, 0.23667451065530198, -0.45700224675851253, -0.941850350353579],
            Real(new Fft(FftType.IRFft, [7]), half));
        AssertClose([0.375, 0.4375, 0.25, 0.4375, 0.75, -0.5625, 0.875, -1.5625], Real(new Fft(FftType.IRFft, [2, 4]), HostValue.Of<Complex>([2, 3], Z)));
        AssertClose([1], Real(new Fft(FftType.IRFft, [1]), HostValue.Of<Complex>([1], Z[0])));
    }

    [Fact]
    public void InversesAndEnergy() => Property.Check(60, seed =>
    {
        var random = new Random(seed);
        int[] sizes = [random.Next(1, 5), random.Next(1, 5), random.Next(1, 9)];
        ValueArray<int> lengths = sizes[random.Next(3)..].ToValueArray();
        var z = HostValue.Generate(new(DType.Complex128, sizes), _ => Scalar.Of(new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5)));
        var x = HostValue.Generate(new(DType.Float64, sizes), _ => Scalar.Of(random.NextDouble() - 0.5));

        var spectrum = Evaluate.Op(new Fft(FftType.Fft, lengths), z);
        AssertClose(z.ToArray<Complex>(), Evaluate.Op<Complex>(new Fft(FftType.IFft, lengths), spectrum));
        var count = lengths.Aggregate(1.0, static (product, n) => product * n);
        Assert.Equal(Energy(z.ToArray<Complex>()), Energy(spectrum[0].ToArray<Complex>()) / count, 1e-12);

        var half = Evaluate.Op(new Fft(FftType.RFft, lengths), x)[0];
        AssertClose([.. x.ToArray<double>().Select(static v => (Complex)v)], Real(new Fft(FftType.IRFft, lengths), half));
        var whole = Evaluate.Op(new Fft(FftType.Fft, lengths), Evaluate.Op(new ConvertElementType(DType.Complex128), x));
        AssertClose(Evaluate.Op<Complex>(new Slice([0, 0, 0], half.Spec.Shape.ToValueArray(), [1, 1, 1]), whole), half.ToArray<Complex>());
    });

    private static double Energy(Complex[] z) => z.Sum(static v => (v * Complex.Conjugate(v)).Real);

    private static Complex[] Real(Op op, HostValue x) => [.. Evaluate.Op<double>(op, x).Select(static v => (Complex)v)];

    private static void AssertClose(Complex[] expected, Complex[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.True(Complex.Abs(expected[i] - actual[i]) < 1e-13, $"element {i} is {actual[i]} instead of {expected[i]}");
    }
}
