using System.Numerics;
using BrainState.Interpretation;
using BrainState.Ops;

namespace BrainState.UnitTests.Interpretation;

public class ConversionTests
{
    [Fact]
    public void FloatsSaturateAndNaNBecomesZero()
    {
        var x = HostValue.Of([6], 3.9, -3.9, 1e30, -1e30, double.NaN, double.PositiveInfinity);
        Assert.Equal([3, -3, int.MaxValue, int.MinValue, 0, int.MaxValue], To<int>(x));
        Assert.Equal([3, 0, byte.MaxValue, 0, 0, byte.MaxValue], To<byte>(x));
        Assert.Equal([3, -3, long.MaxValue, long.MinValue, 0, long.MaxValue], To<long>(x));
        Assert.Equal([3, 0, ulong.MaxValue, 0, 0, ulong.MaxValue], To<ulong>(x));
        Assert.Equal([true, true, true, true, true, true], To<bool>(x));
        Assert.Equal([false, false], To<bool>(HostValue.Of([2], 0.0, -0.0)));
    }

    [Fact]
    public void IntegersWrapAroundAndRoundOnce()
    {
        Assert.Equal([(sbyte)-56, (sbyte)-1], To<sbyte>(HostValue.Of([2], 200, -257)));
        Assert.Equal([ulong.MaxValue], To<ulong>(HostValue.Of([1], -1L)));
        Assert.Equal([true, false], To<bool>(HostValue.Of([2], 256, 0)));
        // In float64 it would be a tie already, and then round down.
        Assert.Equal([MathF.BitIncrement(1f) * MathF.ScaleB(1f, 62)], To<float>(HostValue.Of([1], (1L << 62) + (1L << 38) + 1)));
        Assert.Equal([MathF.ScaleB(1f, 64), MathF.ScaleB(1f, 63)], To<float>(HostValue.Of([2], ulong.MaxValue, 1UL << 63)));
        Assert.Equal([Half.PositiveInfinity, (Half)65504], To<Half>(HostValue.Of([2], 65520, 65519)));
        Assert.Equal([new Complex(-3, 0)], To<Complex>(HostValue.Of([1], -3)));
    }

    [Fact]
    public void ComplexLosesItsImaginaryPartButCountsAsTrue()
    {
        var z = HostValue.Of([2], new Complex(2.5, 7), Complex.ImaginaryOne);
        Assert.Equal([2.5, 0], To<double>(z));
        Assert.Equal([2, 0], To<int>(z));
        Assert.Equal([true, true], To<bool>(z));
    }

    [Fact]
    public void BitcastKeepsBytes()
    {
        Assert.Equal([0x3F800000u, 0x7FC00001u], Evaluate.Op<uint>(new BitcastConvertType(DType.UInt32),
            HostValue.Of([2], 1f, BitConverter.UInt32BitsToSingle(0x7FC00001))));
        var split = Assert.Single(Evaluate.Op(new BitcastConvertType(DType.UInt8), HostValue.Of([2], 0x04030201, -1)));
        Assert.Equal(new TensorSpec(DType.UInt8, [2, 4]), split.Spec);
        Assert.Equal([1, 2, 3, 4, 255, 255, 255, 255], split.ToArray<byte>());
        Assert.Equal([0x04030201, -1], Evaluate.Op<int>(new BitcastConvertType(DType.Int32), split));
    }

    private static T[] To<T>(HostValue x) where T : unmanaged => Evaluate.Op<T>(new ConvertElementType(DTypeExtensions.DTypeOf<T>()), x);
}
