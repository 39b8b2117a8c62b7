using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using BrainState.NumPy;
using Xunit;

namespace BrainState.UnitTests.NumPy;

/// <summary>Printed arrays, compared with NumPy's text and, for bfloat16, with the properties it must have.</summary>
public class ArrayFormatterTests
{
    [Theory]
    [MemberData(nameof(PrintedByNumPy.Arrays), MemberType = typeof(PrintedByNumPy))]
    public void Arrays_print_as_in_NumPy(string dtype, string dims, string hex, string expected)
    {
        Assert.Equal(expected.ReplaceLineEndings("\n"), Print(dtype, Dims(dims), Convert.FromHexString(hex)));
    }

    [Theory]
    [MemberData(nameof(PrintedByNumPy.Ramps), MemberType = typeof(PrintedByNumPy))]
    public void Long_arrays_wrap_and_shorten_as_in_NumPy(string dtype, string dims, double start, double step, string expected)
    {
        var shape = Dims(dims);
        var ramp = Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => start + i * step).ToArray();
        var printed = dtype switch
        {
            "int32" => ArrayFormatter.Format<int>(shape, Array.ConvertAll(ramp, x => (int)x)),
            "int64" => ArrayFormatter.Format<long>(shape, Array.ConvertAll(ramp, x => (long)x)),
            "float32" => ArrayFormatter.Format<float>(shape, Array.ConvertAll(ramp, x => (float)x)),
            _ => ArrayFormatter.Format<double>(shape, ramp),
        };
        Assert.Equal(expected.ReplaceLineEndings("\n"), printed);
    }

    [Fact]
    public void BFloat16_prints_its_own_shortest_digits()
    {
        Assert.Equal("[0.1  1.   3.14]", ArrayFormatter.Format([3], [0.10009765625f, 1f, 3.140625f], FloatKind.BFloat16));
        Assert.Equal("0.334", ArrayFormatter.Format([], [0.333984375f], FloatKind.BFloat16));
    }

    [Fact]
    public void BFloat16_can_print_as_JAX_does()
    {
        float[] values = [1f, 0.333984375f, -2.5f, 1.00390625f, 1e10f, float.NegativeInfinity, float.NaN, -0f, 1.52587890625e-05f];
        Assert.Equal(
            "[1 0.333984 -2.5 1.00391 1e+10 -inf nan -0 1.52588e-05]",
            ArrayFormatter.Format([9], values, FloatKind.BFloat16Jax));
        Assert.Equal("[[1 2 4]]", ArrayFormatter.Format([1, 3], [1f, 2f, 4f], FloatKind.BFloat16Jax));
        Assert.Equal("0.333984", ArrayFormatter.Format([], values.AsSpan(1, 1), FloatKind.BFloat16Jax));
    }

    /// <summary>Every 7th positive bfloat16: the text rounds back to the number, and no text of one digit less does.</summary>
    [Fact]
    public void BFloat16_digits_identify_the_number_and_are_the_fewest()
    {
        for (uint bits = 1; bits < 0x7F80; bits += 7)
        {
            var value = BitConverter.UInt32BitsToSingle(bits << 16);
            var text = ArrayFormatter.Format([], [value], FloatKind.BFloat16);
            Assert.Equal(bits, NearestBFloat16(double.Parse(text, CultureInfo.InvariantCulture)));

            var digits = text.Split('e')[0].Replace(".", "").Trim('0').Length;
            if (digits > 1)
            {
                var shorter = ((double)value).ToString($"E{digits - 2}", CultureInfo.InvariantCulture);
                Assert.NotEqual(bits, NearestBFloat16(double.Parse(shorter, CultureInfo.InvariantCulture)));
            }
        }
    }

    /// <summary>The exact float32 values around NumPy 2's notation limits; 1e-4 is compared in float32 there.</summary>
    [Fact]
    public void Notation_limits_are_those_of_NumPy_2()
    {
        Assert.Equal("[0.0001]", ArrayFormatter.Format<float>([1], [1e-4f]));
        Assert.Equal("[9.999999e-05]", ArrayFormatter.Format<float>([1], [MathF.BitDecrement(1e-4f)]));
    }

    [Fact]
    public void Sizes_and_types_are_checked()
    {
        Assert.Throws<ArgumentException>(() => ArrayFormatter.Format<int>([2, 2], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => ArrayFormatter.Format<int>([], []));
        Assert.Throws<ArgumentException>(() => ArrayFormatter.Format<int>([-1], [1]));
        Assert.Throws<ArgumentException>(() => ArrayFormatter.Format<int>([int.MaxValue, int.MaxValue, int.MaxValue, 4], [1]));
        Assert.Throws<NotSupportedException>(() => ArrayFormatter.Format<decimal>([1], [1m]));
        Assert.Equal("[]", ArrayFormatter.Format<int>([int.MaxValue, int.MaxValue, int.MaxValue, 0], []));
    }

    static int[] Dims(string dims) => dims.Length == 0 ? [] : Array.ConvertAll(dims.Split(','), int.Parse);

    static string Print(string dtype, int[] dims, byte[] bytes) => dtype switch
    {
        "bool" => ArrayFormatter.Format(dims, Cast<bool>(bytes)),
        "int8" => ArrayFormatter.Format(dims, Cast<sbyte>(bytes)),
        "int16" => ArrayFormatter.Format(dims, Cast<short>(bytes)),
        "int32" => ArrayFormatter.Format(dims, Cast<int>(bytes)),
        "int64" => ArrayFormatter.Format(dims, Cast<long>(bytes)),
        "uint8" => ArrayFormatter.Format(dims, Cast<byte>(bytes)),
        "uint16" => ArrayFormatter.Format(dims, Cast<ushort>(bytes)),
        "uint32" => ArrayFormatter.Format(dims, Cast<uint>(bytes)),
        "uint64" => ArrayFormatter.Format(dims, Cast<ulong>(bytes)),
        "float16" => ArrayFormatter.Format(dims, Cast<Half>(bytes)),
        "float32" => ArrayFormatter.Format(dims, Cast<float>(bytes)),
        "float64" => ArrayFormatter.Format(dims, Cast<double>(bytes)),
        "complex64" => ArrayFormatter.Format(dims, Pairs(Cast<float>(bytes)), FloatKind.Float32),
        "complex128" => ArrayFormatter.Format(dims, Cast<Complex>(bytes)),
        _ => throw new NotSupportedException(dtype),
    };

    static ReadOnlySpan<T> Cast<T>(byte[] bytes)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes);

    static ReadOnlySpan<Complex> Pairs(ReadOnlySpan<float> parts)
    {
        var numbers = new Complex[parts.Length / 2];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = new Complex(parts[2 * i], parts[2 * i + 1]);
        return numbers;
    }

    /// <summary>The bits of the nearest positive bfloat16, ties to even, found by comparing distances.</summary>
    static uint NearestBFloat16(double value)
    {
        var below = BitConverter.SingleToUInt32Bits((float)value) >> 16;
        while (below > 0 && Value(below) > value)
            below--;
        double toBelow = value - Value(below), toAbove = Value(below + 1) - value;
        return toBelow < toAbove || toBelow == toAbove && (below & 1) == 0 ? below : below + 1;

        static double Value(uint bits) => bits == 0x7F80 ? Math.ScaleB(1, 128) : BitConverter.UInt32BitsToSingle(bits << 16);
    }
}
