using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Types;

/// <summary>Rounding against the definition: the nearest of all values, the even one of two.</summary>
public sealed class BFloat16Tests
{
    /// <summary>All finite values from 0 up, and what infinity would be if the exponents went on.</summary>
    static readonly double[] Magnitudes = [.. Enumerable.Range(0, 0x7F80).Select(bits => (double)(float)BFloat16.FromBits((ushort)bits)), Math.Pow(2, 128)];

    [Fact]
    public void EveryValueSurvives()
    {
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var value = BFloat16.FromBits((ushort)bits);
            if (float.IsNaN(value))
            {
                Assert.True(float.IsNaN((BFloat16)(float)value) && float.IsNaN((BFloat16)(double)(float)value));
                continue;
            }

            Assert.Equal(bits, ((BFloat16)(float)value).Bits);
            Assert.Equal(bits, ((BFloat16)(double)(float)value).Bits);
        }
    }

    [Fact]
    public void MidpointsAndTheirNeighboursRoundToNearestEven()
    {
        for (var i = 0; i + 1 < Magnitudes.Length; i++)
        {
            var middle = (Magnitudes[i] + Magnitudes[i + 1]) / 2; // Exact.
            var even = i % 2 == 0 ? i : i + 1;
            foreach (var sign in (int[])[1, -1])
            {
                Assert.Equal(WithSign(i, sign), ((BFloat16)(sign * Math.BitDecrement(middle))).Bits);
                Assert.Equal(WithSign(even, sign), ((BFloat16)(sign * middle)).Bits);
                Assert.Equal(WithSign(i + 1, sign), ((BFloat16)(sign * Math.BitIncrement(middle))).Bits);
                if (middle != (float)middle) continue; // Half of the smallest subnormal is one in binary32 as well.
                Assert.Equal(WithSign(i, sign), ((BFloat16)(sign * MathF.BitDecrement((float)middle))).Bits);
                Assert.Equal(WithSign(even, sign), ((BFloat16)(sign * (float)middle)).Bits);
                Assert.Equal(WithSign(i + 1, sign), ((BFloat16)(sign * MathF.BitIncrement((float)middle))).Bits);
            }
        }
    }

    [Fact]
    public void AnyDoubleRoundsToNearestEven() => Property.Check(50_000, seed =>
    {
        var value = BitConverter.Int64BitsToDouble(new Random(seed).NextInt64(long.MinValue, long.MaxValue));
        if (seed % 2 == 0) value = Math.ScaleB(value, -(Math.ILogB(value) / 8 * 7)); // Closer to the range of the type.
        if (double.IsNaN(value))
        {
            Assert.True(float.IsNaN((BFloat16)value));
            return;
        }

        Assert.Equal(WithSign(Nearest(Math.Abs(value)), double.IsNegative(value) ? -1 : 1), ((BFloat16)value).Bits);
        var single = (float)value;
        Assert.Equal(WithSign(Nearest(Math.Abs((double)single)), float.IsNegative(single) ? -1 : 1), ((BFloat16)single).Bits);
    });

    [Fact]
    public void EveryNaNStaysOne()
    {
        Assert.True(float.IsNaN((BFloat16)BitConverter.UInt32BitsToSingle(0x7F800001)));
        Assert.True(float.IsNaN((BFloat16)BitConverter.UInt32BitsToSingle(0xFFFFFFFF)));
        Assert.True(float.IsNaN((BFloat16)BitConverter.UInt64BitsToDouble(0x7FF0000000000001)));
    }

    [Fact]
    public void ComparisonAndText()
    {
        var (one, two, nan) = ((BFloat16)1f, (BFloat16)2f, (BFloat16)float.NaN);

        Assert.True(one != two && one.CompareTo(two) < 0 && one.Equals((object)(BFloat16)1.0) && one == BFloat16.FromBits(0x3F80));
        Assert.True(nan != BFloat16.FromBits(nan.Bits) && nan.Equals(nan) && (BFloat16)0f == (BFloat16)(-0f));
        Assert.Equal(((BFloat16)0f).GetHashCode(), ((BFloat16)(-0f)).GetHashCode());
        Assert.Equal(("1.5", "1.50"), (((BFloat16)1.5f).ToString(), ((BFloat16)1.5f).ToString("F2", null)));
    }

    /// <summary>The index of the nearest magnitude, of two equally near ones the even one.</summary>
    static int Nearest(double magnitude)
    {
        var above = Array.BinarySearch(Magnitudes, magnitude);
        if (above >= 0) return above;
        above = ~above;
        if (above == Magnitudes.Length) return above - 1;
        // The distances are exact: the magnitude lies within a factor of two of either, or below all of them.
        var (down, up) = (magnitude - Magnitudes[above - 1], Magnitudes[above] - magnitude);
        return down < up || (down == up && above % 2 == 1) ? above - 1 : above;
    }

    static int WithSign(int bits, int sign) => sign < 0 ? bits | 0x8000 : bits;
}
