using System.Globalization;
using System.Numerics;
using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Types;

public sealed class ScalarTests
{
    [Fact]
    public void BytesReadAndWriteBack() => Property.Check(3000, seed =>
    {
        var random = new Random(seed);
        foreach (var dtype in DType.All)
        {
            var scalar = ScalarGenerator.RandomBits(random, dtype);
            var bytes = new byte[dtype.Size + 1];
            bytes[^1] = 0xAB;
            scalar.Write(bytes);

            Assert.Equal(scalar, Scalar.Read(dtype, bytes));
            Assert.Equal(scalar.GetHashCode(), Scalar.Read(dtype, bytes).GetHashCode());
            Assert.Equal(0xAB, bytes[^1]);
        }
    });

    [Fact]
    public void DotNetValuesRoundTrip()
    {
        static void Check<T>(DType dtype, params T[] values) where T : unmanaged
        {
            foreach (var value in values)
            {
                Assert.Equal(dtype, Scalar.Of(value).DType);
                Assert.Equal(value, Scalar.Of(value).As<T>());
            }

            Assert.Throws<InvalidCastException>(() => new Scalar(dtype == DType.Bool ? DType.Int8 : DType.Bool, 0).As<T>());
        }

        Check(DType.Bool, true, false);
        Check<sbyte>(DType.Int8, -128, 127);
        Check<short>(DType.Int16, short.MinValue, 1);
        Check(DType.Int32, int.MinValue, -1);
        Check(DType.Int64, long.MinValue, long.MaxValue);
        Check<byte>(DType.UInt8, 0, 255);
        Check<ushort>(DType.UInt16, ushort.MaxValue);
        Check(DType.UInt32, uint.MaxValue);
        Check(DType.UInt64, ulong.MaxValue);
        Check(DType.Float16, Half.MaxValue, Half.NaN, Half.Epsilon);
        Check(DType.BFloat16, (BFloat16)1.5f, (BFloat16)float.NegativeInfinity);
        Check(DType.Float32, float.NaN, float.MaxValue, -0f);
        Check(DType.Float64, double.NaN, double.Epsilon);
        Check(DType.Complex128, new Complex(1, -2), new Complex(double.NaN, double.PositiveInfinity));
    }

    [Theory]
    [InlineData(DType.Bool, double.NaN, 1)]
    [InlineData(DType.Bool, -0.0, 0)]
    [InlineData(DType.Bool, 0.5, 1)]
    [InlineData(DType.Int8, 127.9, 127)]
    [InlineData(DType.Int8, -1e9, -128)]
    [InlineData(DType.Int8, double.NaN, 0)]
    [InlineData(DType.UInt8, -0.9, 0)]
    [InlineData(DType.UInt8, -5, 0)]
    [InlineData(DType.UInt8, 300, 255)]
    [InlineData(DType.Int16, 1e6, 32767)]
    [InlineData(DType.UInt16, 65535.5, 65535)]
    [InlineData(DType.Int32, 3e9, int.MaxValue)]
    [InlineData(DType.Int32, -1.9, -1)]
    [InlineData(DType.UInt32, double.PositiveInfinity, uint.MaxValue)]
    [InlineData(DType.Int64, 1e19, long.MaxValue)]
    [InlineData(DType.Int64, double.NegativeInfinity, long.MinValue)]
    [InlineData(DType.UInt64, double.NaN, 0)]
    public void FloatsTruncateAndSaturate(DType dtype, double value, long expected)
    {
        Assert.Equal(expected, Scalar.Of(dtype, value).ToInt64());
        Assert.Equal(Scalar.Of(dtype, value), Scalar.Of(dtype, new Complex(value, 7)));
    }

    [Fact]
    public void IntegersWrapAround() => Property.Check(3000, seed =>
    {
        var value = new Random(seed).NextInt64(long.MinValue, long.MaxValue);

        Assert.Equal(unchecked((sbyte)value), Scalar.Of(DType.Int8, value).ToInt64());
        Assert.Equal(unchecked((byte)value), Scalar.Of(DType.UInt8, value).ToInt64());
        Assert.Equal(unchecked((short)value), Scalar.Of(DType.Int16, value).ToInt64());
        Assert.Equal(unchecked((ushort)value), Scalar.Of(DType.UInt16, value).ToInt64());
        Assert.Equal(unchecked((int)value), Scalar.Of(DType.Int32, value).ToInt64());
        Assert.Equal(unchecked((uint)value), Scalar.Of(DType.UInt32, value).ToInt64());
        Assert.Equal(value, Scalar.Of(DType.Int64, value).ToInt64());
        Assert.Equal(unchecked((ulong)value), Scalar.Of(DType.UInt64, value).As<ulong>());
        Assert.Equal((float)value, Scalar.Of(DType.Float32, value).As<float>());
        Assert.Equal((double)value, Scalar.Of(DType.Float64, value).As<double>());
        Assert.Equal(new Complex(value, 0), Scalar.Of(DType.Complex128, value).ToComplex());
        Assert.Equal(value != 0, Scalar.Of(DType.Bool, value).As<bool>());
    });

    /// <summary>One rounding, even where a double would sit exactly between two bfloat16 after the first.</summary>
    [Fact]
    public void IntegersRoundOnce()
    {
        var justAboveTie = (1L << 62) + (1L << 54) + 1;

        Assert.Equal(Scalar.Of(DType.BFloat16, Math.Pow(2, 62) + Math.Pow(2, 55)), Scalar.Of(DType.BFloat16, justAboveTie));
        Assert.Equal(Scalar.Of(DType.BFloat16, -Math.Pow(2, 62) - Math.Pow(2, 55)), Scalar.Of(DType.BFloat16, -justAboveTie));
        Assert.Equal(Scalar.Of(DType.Complex64, new Complex((float)((1L << 54) + (1L << 30) + 1), 0)), Scalar.Of(DType.Complex64, (1L << 54) + (1L << 30) + 1));
    }

    [Fact]
    public void ConversionsToDotNetNumbers() => Property.Check(2000, seed =>
    {
        var random = new Random(seed);
        foreach (var dtype in DType.All)
        {
            var scalar = ScalarGenerator.Any(random, dtype);
            if (double.IsNaN(scalar.ToDouble())) continue;
            Assert.Equal(scalar.ToDouble(), scalar.ToComplex().Real);
            if (dtype is DType.Int64 or DType.UInt64) continue; // These may round.
            if (!double.IsNaN(scalar.ToComplex().Imaginary)) Assert.Equal(scalar, Scalar.Of(dtype, scalar.ToComplex()));
            if (!dtype.Is(DTypeKinds.Complex)) Assert.Equal(long.CreateSaturating(scalar.ToDouble()), scalar.ToInt64());
        }
    });

    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(2.0, "2.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1.25e-7, "1.25e-07")]
    [InlineData(123456.789, "123456.789")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(1234567890123456.0, "1234567890123456.0")]
    [InlineData(-9007199254740993.0, "-9007199254740992.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(-12345678901234568.0, "-1.2345678901234568e+16")]
    [InlineData(1e17, "1e+17")]
    [InlineData(1.5e300, "1.5e+300")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    [InlineData(double.NaN, "nan")]
    public void DoublesPrintAsInPython(double value, string text)
    {
        Assert.Equal(text, Scalar.Of(value).ToString());
        if (double.IsFinite(value)) Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void OthersPrintAsInPython()
    {
        Assert.Equal(("True", "False"), (Scalar.Of(true).ToString(), Scalar.Of(false).ToString()));
        Assert.Equal("-128", Scalar.Of(sbyte.MinValue).ToString());
        Assert.Equal("-9223372036854775808", Scalar.Of(long.MinValue).ToString());
        Assert.Equal("18446744073709551615", Scalar.Of(ulong.MaxValue).ToString());
        Assert.Equal("0.1", Scalar.Of(0.1f).ToString());
        Assert.Equal("10000000.0", Scalar.Of(1e7f).ToString());
        Assert.Equal("1234568000.0", Scalar.Of(1234567890f).ToString());
        Assert.Equal("-1.2345679e+17", Scalar.Of(-123456789e9f).ToString());
        Assert.Equal("1e+16", Scalar.Of(1e16f).ToString());
        Assert.Equal("0.1", Scalar.Of((Half)0.1).ToString());
        Assert.Equal("65500.0", Scalar.Of(Half.MaxValue).ToString());
        Assert.Equal("(1.0+2.0j)", Scalar.Of(new Complex(1, 2)).ToString());
        Assert.Equal("(-0.0-0.0j)", Scalar.Of(new Complex(-0.0, -0.0)).ToString());
        Assert.Equal("(nan+infj)", Scalar.Of(DType.Complex64, new Complex(double.NaN, double.PositiveInfinity)).ToString());
        Assert.Equal("(0.1-1e-05j)", Scalar.Of(DType.Complex64, new Complex(0.1f, -1e-5f)).ToString());
    }

    [Fact]
    public void BitsOutsideTheDTypeDoNotCount()
    {
        Assert.Equal(Scalar.Of(sbyte.MaxValue), new Scalar(DType.Int8, 0xFF7F));
        Assert.Equal(Scalar.Of(true), new Scalar(DType.Bool, 2));
        Assert.Equal(Scalar.Of(true), Scalar.Read(DType.Bool, [0xFF]));
        Assert.Equal((UInt128)0xFFFF_FFFF, new Scalar(DType.Float32, UInt128.MaxValue).Bits);
        Assert.Equal(UInt128.MaxValue, new Scalar(DType.Complex128, UInt128.MaxValue).Bits);
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(3.14159, "3.14")]
    [InlineData(1e20, "1e+20")]
    [InlineData(256, "256.0")]
    public void A_bfloat16_prints_the_fewest_digits_that_read_back(double value, string expected)
    {
        var scalar = Scalar.Of(DType.BFloat16, value);
        Assert.Equal(expected, scalar.ToString());
        Assert.Equal(scalar, Scalar.Of(DType.BFloat16, double.Parse(scalar.ToString(), System.Globalization.CultureInfo.InvariantCulture)));
    }
}
