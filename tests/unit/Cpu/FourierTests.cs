using System.Numerics;
using BrainState.Conformance;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.UnitTests.Interpretation;

namespace BrainState.UnitTests.Cpu;

public class FourierTests
{
    /// <summary>Lengths with every factor, primes that need a convolution, and powers of two.</summary>
    [Fact]
    public void TransformsAreTheSumsTheyStandFor()
    {
        foreach (var n in (int[])[.. Enumerable.Range(1, 40), 64, 97, 121, 128, 210, 251, 338, 1000, 1024])
        {
            var x = Signal(n);
            var expected = Enumerable.Range(0, n).Select(k => x.Select((value, i) =>
            {
                var (sine, cosine) = double.SinCosPi(-2.0 * ((long)i * k % n) / n);
                return value * new Complex(cosine, sine);
            }).Aggregate(Complex.Add)).ToArray();
            AssertClose(expected, Run(new Fft(FftType.Fft, [n]), x), n);
            AssertClose(x, Run(new Fft(FftType.IFft, [n]), expected), n);
        }
    }

    /// <summary>Of real signals in three axes: half of the complex transform, and back.</summary>
    [Fact]
    public void RealTransformsAreHalfOfComplexOnes()
    {
        foreach (var last in (int[])[1, 2, 7, 8, 34])
        {
            Shape shape = [3, 5, 6, last];
            var half = last / 2 + 1;
            var x = HostValue.Of<double>(shape, [.. Signal((int)shape.ElementCount).Select(static z => z.Real)]);
            ValueArray<int> lengths = [5, 6, last];
            var full = Execute(new Fft(FftType.Fft, lengths), Evaluate.Op(new ConvertElementType(DType.Complex128), x)[0]);
            var spectrum = Execute(new Fft(FftType.RFft, lengths), x);
            var expected = full.ToArray<Complex>().Where((_, i) => i % last < half).ToArray();
            AssertClose(expected, spectrum.ToArray<Complex>(), 100);
            var back = Execute(new Fft(FftType.IRFft, lengths), spectrum).ToArray<double>();
            AssertClose([.. x.ToArray<double>().Select(static v => (Complex)v)], [.. back.Select(static v => (Complex)v)], 100);
        }
    }

    private static Complex[] Signal(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5))];
    }

    private static Complex[] Run(Fft op, Complex[] x) => Execute(op, HostValue.Of([x.Length], x)).ToArray<Complex>();

    private static HostValue Execute(Op op, HostValue x) => Backends.OnCpu.ExecuteDirectly(Evaluate.ProgramOf(op, [x.Spec]), [x])[0];

    private static void AssertClose(Complex[] expected, Complex[] actual, int size)
    {
        Assert.Equal(expected.Length, actual.Length);
        var limit = 1e-15 * size;
        for (var i = 0; i < expected.Length; i++) Assert.True(Complex.Abs(expected[i] - actual[i]) <= limit, $"element {i} of {size} is {actual[i]}, not {expected[i]}");
    }
}
