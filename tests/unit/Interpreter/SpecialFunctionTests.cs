using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Interpretation;

/// <summary>Special functions against mpmath with 300 bits, and ops on the representation of numbers against .NET's own.</summary>
public class SpecialFunctionTests
{
    private const double Infinity = double.PositiveInfinity;
    private const double NaN = double.NaN;

    [Fact]
    public void ErfcIsAccurateInTheTail()
    {
        double[] x = [-6.0, -2.5, -1.0, -0.3, 0.0, 1e-10, 0.4, 0.999, 1.0, 1.7, 3.0, 10.0, 26.0];
        double[] expected =
        [
            2.0, 1.999593047982555, 1.8427007929497148, 1.3286267594591274, 1.0, 0.999999999887162, 0.5716076449533315, 0.15771472979350307,
            0.15729920705028513, 0.01620954140922544, 2.209049699858544e-05, 2.088487583762545e-45, 5.663192408856143e-296,
        ];
        AssertClose(expected, Evaluate.Op<double>(new Erfc(), F64(x)), 1e-15);
        Assert.Equal([2, 0, NaN, 0], Evaluate.Op<double>(new Erfc(), F64(-Infinity, Infinity, NaN, 30)));
    }

    [Fact]
    public void LgammaIsAccurateAlsoNextToItsZerosAndPoles()
    {
        double[] x =
        [
            1e-300, 1e-5, 0.3, 0.75, 0.9999, 1.0001, 1.2, 1.5, 1.9999, 2.001, 2.6, 3.7, 10.5, 15.9, 16.1, 171.5, 1e10, 1e300, -0.5, -1e-7, -0.9, -1.5, -2.3, -10.7, -100.25,
        ];
        double[] expected =
        [
            690.7755278982137, 11.512919692895826, 1.0957979948180756, 0.20328095143129538, 5.7729791561193866e-05, -5.771334222047127e-05, -0.08537409000331583,
            -0.12078223763524522, -4.227520877215346e-05, 0.000423106734800117, 0.35741186354897986, 1.428072326665388, 13.940625219403763, 27.625493215168692,
            28.173694494813546, 709.1431630309282, 220258509288.81058, 6.897755278982137e+302, 1.2655121234846454, 16.118095708679895, 2.3580731673920323,
            0.860047015376481, 0.36956666345500805, -15.416789096416636, -363.4009232278215,
        ];
        AssertClose(expected, Evaluate.Op<double>(new Lgamma(), F64(x)), 1e-14);
        Assert.Equal([0, 0, Infinity, Infinity, Infinity, Infinity, Infinity, NaN], Evaluate.Op<double>(new Lgamma(), F64(1, 2, 0, -0.0, -3, Infinity, -Infinity, NaN)));
    }

    [Fact]
    public void DigammaIsAccurateTo14Digits()
    {
        double[] x = [1e-300, 1e-5, 0.3, 1.0, 1.3, 1.6, 2.5, 7.0, 15.9, 16.1, 1e5, 1e300, -1e-7, -0.5, -0.9, -1.5, -2.3, -10.7, -100.25];
        double[] expected =
        [
            -9.999999999999999e+299, -100000.57719921567, -3.502524222200133, -0.5772156649015329, -0.16919088886679962, 0.12604745277347632, 0.7031566406452432,
            1.8727843350984672, 2.734543070175774, 2.747442005514623, 11.512920464961896, 690.7755278982137, 9999999.42278417, 0.03648997397857652,
            -9.312643829299969, 0.7031566406452432, 3.3173231575618227, 0.13374481244706443, 7.754238959208646,
        ];
        AssertClose(expected, Evaluate.Op<double>(new Digamma(), F64(x)), 1e-14, absolute: 1e-14);
        Assert.Equal([NaN, NaN, NaN, NaN, Infinity, NaN], Evaluate.Op<double>(new Digamma(), F64(0, -0.0, -4, -Infinity, Infinity, NaN)));
    }

    [Fact]
    public void NextAfterIsTheNeighbour()
    {
        double[] x = [0, -0.0, double.Epsilon, -double.Epsilon, 1, -1, double.MaxValue, double.MinValue, 0.1, 4];
        var infinities = F64([.. x.Select(static _ => Infinity)]);
        Assert.Equal(x.Select(double.BitIncrement), Evaluate.Op<double>(new NextAfter(), F64(x), infinities));
        Assert.Equal(x.Select(double.BitDecrement), Evaluate.Op<double>(new NextAfter(), F64(x), Evaluate.Op(new Neg(), infinities)[0]));
        Assert.Equal([double.MaxValue, double.MinValue, Infinity, NaN, NaN, 5], Evaluate.Op<double>(new NextAfter(), F64(Infinity, -Infinity, Infinity, NaN, 1, 5), F64(0, 0, Infinity, 1, NaN, 5)));
        Assert.True(double.IsNegative(Evaluate.Op<double>(new NextAfter(), F64(0), F64(-0.0))[0]));
        Assert.Equal([Half.BitIncrement((Half)1), Half.BitDecrement((Half)(-2))], Evaluate.Op<Half>(new NextAfter(), HostValue.Of([2], (Half)1, (Half)(-2)), HostValue.Of([2], (Half)9, (Half)(-9))));
        Assert.Equal([0x3F81, 0x8001], Evaluate.Op<BFloat16>(new NextAfter(), HostValue.Of([2], (BFloat16)1f, (BFloat16)0f), HostValue.Of([2], (BFloat16)2f, (BFloat16)(-1f))).Select(static x => (int)x.Bits));
    }

    /// <summary>Reducing to the bits of a narrower dtype is converting there and back, but for the subnormal numbers of that dtype.</summary>
    [Fact]
    public void ReducePrecisionIsARoundTripThroughANarrowerDType() => Property.Check(2000, seed =>
    {
        var random = new Random(seed);
        var x = HostValue.Of(seed % 3 == 0 ? ScalarGenerator.RandomBits(random, DType.Float32) : Scalar.Of((float)((random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-30, 20)))));
        Check(DType.BFloat16, 8, 7);
        if (!(x[0].ToDouble() is var value && Math.Abs(value) < Math.ScaleB(1, -14))) Check(DType.Float16, 5, 10);

        void Check(DType narrow, int exponentBits, int mantissaBits) => Assert.Equal(
            Evaluate.Op<float>(new ConvertElementType(DType.Float32), Evaluate.Op(new ConvertElementType(narrow), x))[0],
            Evaluate.Op<float>(new ReducePrecision(exponentBits, mantissaBits), x)[0]);
    });

    [Fact]
    public void ReducePrecisionKeepsWhatItCanHold()
    {
        Assert.Equal([float.Epsilon, -0f, float.NegativeInfinity, 1.1f, float.NaN], Evaluate.Op<float>(new ReducePrecision(8, 23), HostValue.Of([5], float.Epsilon, -0f, float.NegativeInfinity, 1.1f, float.NaN)));
        // Without mantissa bits, the last place is that of the exponent: of the neighbours of 1.5 and of 3, it is even in 2.
        Assert.Equal([float.PositiveInfinity, 1, -2, 2], Evaluate.Op<float>(new ReducePrecision(8, 0), HostValue.Of([4], float.MaxValue, 1.25f, -1.5f, 3f)));
        // The largest number of 3 exponent bits and 1 mantissa bit is 12, the smallest normal one ¼; halves go to the even neighbour.
        Assert.Equal([12, 12, float.PositiveInfinity, 0.25f, 0.25f, 0, -0f, 2], Evaluate.Op<float>(new ReducePrecision(3, 1), HostValue.Of([8], 12, 13.9f, 14, 0.25f, 0.24f, 0.21f, -0.1f, 2.5f)));
        Assert.Equal([(Half)0.0009766], Evaluate.Op<Half>(new ReducePrecision(5, 0), HostValue.Of([1], (Half)0.001)));
    }

    [Fact]
    public void BitsAreCountedInTheWidthOfTheDType()
    {
        Assert.Equal([0, 8, 1, 7], Evaluate.Op<sbyte>(new PopulationCount(), HostValue.Of<sbyte>([4], 0, -1, -128, 127)));
        Assert.Equal([8, 0, 0, 1], Evaluate.Op<sbyte>(new Clz(), HostValue.Of<sbyte>([4], 0, -1, -128, 127)));
        Property.Check(200, seed =>
        {
            var random = new Random(seed);
            var (wide, narrow) = ((ulong)random.NextInt64() >> random.Next(64), (ushort)random.Next(1 << random.Next(17)));
            Assert.Equal([(ulong)System.Numerics.BitOperations.PopCount(wide), (ulong)System.Numerics.BitOperations.LeadingZeroCount(wide)],
                (ulong[])[.. Evaluate.Op<ulong>(new PopulationCount(), HostValue.Of([], wide)), .. Evaluate.Op<ulong>(new Clz(), HostValue.Of([], wide))]);
            Assert.Equal([(ushort)System.Numerics.BitOperations.PopCount(narrow), ushort.LeadingZeroCount(narrow)],
                (ushort[])[.. Evaluate.Op<ushort>(new PopulationCount(), HostValue.Of([], narrow)), .. Evaluate.Op<ushort>(new Clz(), HostValue.Of([], narrow))]);
        });
    }

    private static void AssertClose(double[] expected, double[] actual, double relative, double absolute = 0)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Math.Max(absolute, relative * Math.Abs(expected[i])), $"element {i} is {actual[i]:R} instead of {expected[i]:R}");
    }

    private static HostValue F64(params double[] values) => HostValue.Of<double>([values.Length], values);
}
