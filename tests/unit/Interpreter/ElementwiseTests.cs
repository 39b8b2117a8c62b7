using System.Numerics;
using BrainState.Interpretation;
using BrainState.Ops;

namespace BrainState.UnitTests.Interpretation;

public class ElementwiseTests
{
    private const double Infinity = double.PositiveInfinity;
    private const double NaN = double.NaN;

    [Fact]
    public void IntegerDivisionRoundsTowardsZeroAndNeverFails()
    {
        Assert.Equal([-1, -3, 3, -3, int.MinValue, -1], Evaluate.Op<int>(new Div(), I32(7, -7, -7, 7, int.MinValue, 0), I32(0, 2, -2, -2, -1, 0)));
        Assert.Equal([7, -1, -1, 1, 0, 0], Evaluate.Op<int>(new Rem(), I32(7, -7, -7, 7, int.MinValue, 0), I32(0, 2, -2, -2, -1, 0)));
        Assert.Equal([ulong.MaxValue, ulong.MaxValue / 2], Evaluate.Op<ulong>(new Div(), U64(5, ulong.MaxValue), U64(0, 2)));
        Assert.Equal([5UL, 1UL], Evaluate.Op<ulong>(new Rem(), U64(5, ulong.MaxValue), U64(0, 2)));
        Assert.Equal([long.MinValue], Evaluate.Op<long>(new Div(), HostValue.Of([1], long.MinValue), HostValue.Of([1], -1L)));
    }

    [Fact]
    public void IntegersWrapAround()
    {
        Assert.Equal([sbyte.MinValue], Evaluate.Op<sbyte>(new Add(), HostValue.Of([1], sbyte.MaxValue), HostValue.Of<sbyte>([1], 1)));
        Assert.Equal([byte.MaxValue], Evaluate.Op<byte>(new Sub(), HostValue.Of<byte>([1], 0), HostValue.Of<byte>([1], 1)));
        Assert.Equal([1UL], Evaluate.Op<ulong>(new Mul(), U64(ulong.MaxValue), U64(ulong.MaxValue)));
        Assert.Equal([1UL], Evaluate.Op<ulong>(new Square(), U64(ulong.MaxValue)));
        Assert.Equal([ulong.MaxValue, 0], Evaluate.Op<ulong>(new IntegerPow(3), U64(ulong.MaxValue, 1UL << 63)));
        Assert.Equal([255], Evaluate.Op<byte>(new Neg(), HostValue.Of<byte>([1], 1)));
        Assert.Equal([int.MinValue, 3], Evaluate.Op<int>(new Abs(), I32(int.MinValue, -3)));
        Assert.Equal([-1, 0, 1], Evaluate.Op<int>(new Sign(), I32(int.MinValue, 0, 9)));
    }

    [Fact]
    public void ShiftsBeyondTheWidthLeaveTheFill()
    {
        var x = HostValue.Of<sbyte>([5], -128, -1, 1, 64, -3);
        Assert.Equal([0, 0, 0, -128, -6], Evaluate.Op<sbyte>(new ShiftLeft(), x, HostValue.Of<sbyte>([5], 1, 8, -1, 1, 1)));
        Assert.Equal([64, 0, 0, 32, 126], Evaluate.Op<sbyte>(new ShiftRightLogical(), x, HostValue.Of<sbyte>([5], 1, 8, -1, 1, 1)));
        Assert.Equal([-64, -1, 0, 32, -2], Evaluate.Op<sbyte>(new ShiftRightArithmetic(), x, HostValue.Of<sbyte>([5], 1, 8, -1, 1, 1)));
        // The sign of unsigned bits is the uppermost one.
        Assert.Equal([0xC0, 0xFF, 0x3F], Evaluate.Op<byte>(new ShiftRightArithmetic(), HostValue.Of<byte>([3], 0x80, 0x80, 0x7F), HostValue.Of<byte>([3], 1, 200, 1)));
    }

    [Fact]
    public void BitsOfBoolsAreLogical()
    {
        var (x, y) = (HostValue.Of([4], false, false, true, true), HostValue.Of([4], false, true, false, true));
        Assert.Equal([false, false, false, true], Evaluate.Op<bool>(new And(), x, y));
        Assert.Equal([false, true, true, true], Evaluate.Op<bool>(new Or(), x, y));
        Assert.Equal([false, true, true, false], Evaluate.Op<bool>(new Xor(), x, y));
        Assert.Equal([true, true, false, false], Evaluate.Op<bool>(new Not(), x));
        Assert.Equal([false, true, true, true], Evaluate.Op<bool>(new Max(), x, y));
        Assert.Equal([false, true, false, false], Evaluate.Op<bool>(new Lt(), x, y));
        Assert.Equal([-1, 0], Evaluate.Op<int>(new Not(), I32(0, -1)));
    }

    [Fact]
    public void NaNSpreadsThroughMaxMinAndSign()
    {
        Assert.Equal([NaN, NaN, 2, 0], Evaluate.Op<double>(new Max(), F64(NaN, 1, 2, -0.0), F64(1, NaN, -Infinity, 0)));
        Assert.Equal([NaN, NaN, -Infinity, -0.0], Evaluate.Op<double>(new Min(), F64(NaN, 1, 2, 0), F64(1, NaN, -Infinity, -0.0)));
        Assert.Equal([NaN, -1, -0.0, 1], Evaluate.Op<double>(new Sign(), F64(NaN, -Infinity, -0.0, double.Epsilon)));
        Assert.Equal([NaN, 0.5, 1, 0], Evaluate.Op<double>(new Clamp(), F64s(0), F64(NaN, 0.5, 7, -7), F64s(1)));
        Assert.Equal([NaN, NaN, -1, 1], Evaluate.Op<double>(new Rem(), F64(1, Infinity, -7, 1), F64(0, 2, 3, Infinity)));
    }

    [Fact]
    public void ComparisonsWithNaNAreFalseExceptNe()
    {
        foreach (var op in new Op[] { new Eq(), new Lt(), new Le(), new Gt(), new Ge() })
            Assert.Equal([false, false], Evaluate.Op<bool>(op, F64(NaN, 1), F64(NaN, NaN)));
        Assert.Equal([true, true, false], Evaluate.Op<bool>(new Ne(), F64(NaN, 1, 0), F64(NaN, NaN, -0.0)));
        Assert.Equal([false], Evaluate.Op<bool>(new Lt(), U64(ulong.MaxValue), U64(1)));
    }

    [Theory]
    [InlineData(RoundingMethod.AwayFromZero, 1.0, -3.0)]
    [InlineData(RoundingMethod.ToNearestEven, 0.0, -2.0)]
    public void RoundPutsTiesWhereItIsTold(RoundingMethod method, double half, double minusTwoAndAHalf) =>
        Assert.Equal([half, minusTwoAndAHalf, 3, NaN], Evaluate.Op<double>(new Round(method), F64(0.5, -2.5, 2.6, NaN)));

    [Fact]
    public void PowersOfAnythingToZeroAreOne()
    {
        Assert.Equal([1, 1, 1], Evaluate.Op<double>(new IntegerPow(0), F64(NaN, 0, Infinity)));
        Assert.Equal([0.25, Infinity, -0.125], [.. Evaluate.Op<double>(new IntegerPow(-2), F64(2, 0)), .. Evaluate.Op<double>(new IntegerPow(-3), F64(-2))]);
    }

    [Fact]
    public void RoundsOnceToNarrowDTypes()
    {
        // The sum is just above the middle of two float16 (or bfloat16) neighbours, and in float32 it is the middle.
        Assert.Equal([(Half)1.001], Evaluate.Op<Half>(new ConvertElementType(DType.Float16), F64(1 + Math.ScaleB(1, -11) + Math.ScaleB(1, -40))));
        Assert.Equal([0x3F81], Evaluate.Op<BFloat16>(new ConvertElementType(DType.BFloat16), F64(1 + Math.ScaleB(1, -8) + Math.ScaleB(1, -40))).Select(static x => (int)x.Bits));
        Assert.Equal([0x3F80], Evaluate.Op<BFloat16>(new ConvertElementType(DType.BFloat16), F64(1 + Math.ScaleB(1, -8))).Select(static x => (int)x.Bits));
    }

    [Fact]
    public void FunctionsAreAccurateWhereDefinitionsCancel()
    {
        Assert.Equal([1e-20, -0.0, -Infinity, NaN, Infinity, NaN], Evaluate.Op<double>(new Log1p(), F64(1e-20, -0.0, -1, -2, Infinity, -Infinity)));
        Assert.Equal([1e-20, -0.0, -1, -1, Infinity], Evaluate.Op<double>(new Expm1(), F64(1e-20, -0.0, -100, -Infinity, Infinity)));
        Assert.Equal([0.5, 1, 0, 4.9e-324], Evaluate.Op<double>(new Logistic(), F64(0, Infinity, -Infinity, -744.5)));
        AssertClose([1.0000005000001667e-6, 9.999995000003333e-7], [.. Evaluate.Op<double>(new Expm1(), F64(1e-6)), .. Evaluate.Op<double>(new Log1p(), F64(1e-6))], 4e-16);
    }

    /// <summary>Expected: the C library, through Python's math.erf.</summary>
    [Fact]
    public void ErfIsAccurateTo15Digits()
    {
        double[] x = [1e-300, 0.1, 0.5, 0.9999999, 1, 1.5, 2, 3, 5, 6];
        double[] expected =
        [
            1.1283791670955126e-300, 0.1124629160182849, 0.5204998778130465, 0.842700751438961, 0.8427007929497149, 0.9661051464753108,
            0.9953222650189527, 0.9999779095030014, 0.9999999999984626, 1,
        ];
        AssertClose(expected, Evaluate.Op<double>(new Erf(), F64(x)), 1e-15);
        Assert.Equal([-1, -0.0, 1, NaN], Evaluate.Op<double>(new Erf(), F64(-Infinity, -0.0, Infinity, NaN)));
    }

    /// <summary>Expected: mpmath with 200 bits.</summary>
    [Fact]
    public void ErfInvIsAccurateTo15Digits()
    {
        double[] y = [1e-08, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999, 0.9999999999, 1 - Math.ScaleB(1, -53)];
        double[] expected =
        [
            8.86226925452758e-09, 0.044340387910005497, 0.2724627147267543, 0.4769362762044699,
            0.7328690779592167, 1.3859038243496777, 2.3267537655135246, 4.572824958544925, 5.863584748755168,
        ];
        AssertClose(expected, Evaluate.Op<double>(new ErfInv(), F64(y)), 1e-15);
        Assert.Equal([Infinity, -Infinity, NaN, NaN, -0.0], Evaluate.Op<double>(new ErfInv(), F64(1, -1, 1.5, NaN, -0.0)));
    }

    [Fact]
    public void ComplexMagnitudesAreReal()
    {
        var z = HostValue.Of([2], new Complex(3, -4), Complex.Zero);
        Assert.Equal([5, 0], Evaluate.Op<double>(new Abs(), z));
        Assert.Equal([new(0.6, -0.8), Complex.Zero], Evaluate.Op<Complex>(new Sign(), z));
        Assert.Equal([false, true], Evaluate.Op<bool>(new Eq(), z, HostValue.Of([2], new Complex(3, 4), Complex.Zero)));
    }

    private static void AssertClose(double[] expected, double[] actual, double relative)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= relative * Math.Abs(expected[i]), $"element {i} is {actual[i]:R} instead of {expected[i]:R}");
    }

    private static HostValue F64(params double[] values) => HostValue.Of<double>([values.Length], values);

    private static HostValue F64s(double value) => HostValue.Of([], value);

    private static HostValue I32(params int[] values) => HostValue.Of<int>([values.Length], values);

    private static HostValue U64(params ulong[] values) => HostValue.Of<ulong>([values.Length], values);
}
