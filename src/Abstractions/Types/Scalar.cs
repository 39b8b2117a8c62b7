using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BrainState;

/// <summary>One element with its dtype: the value of a rank-0 literal. Equality is that of the bits, so NaN equals itself and −0 differs from 0.</summary>
public readonly record struct Scalar(DType DType, UInt128 Bits)
{
    /// <summary>The representation, little-endian and extended with zeros; a bool is 0 or 1.</summary>
    public UInt128 Bits { get; } = DType switch
    {
        DType.Bool => (byte)Bits == 0 ? UInt128.Zero : UInt128.One,
        DType.Complex128 => Bits,
        _ => Bits & ((UInt128.One << (8 * DType.Size)) - 1),
    };

    /// <summary>A scalar holding <paramref name="value"/> in the dtype of <typeparamref name="T"/>.</summary>
    public static Scalar Of<T>(T value) where T : unmanaged
    {
        UInt128 bits = default;
        MemoryMarshal.Write(Bytes(ref bits), in value);
        return new(DTypeExtensions.DTypeOf<T>(), bits);
    }

    /// <summary>The value <paramref name="value"/> converted to <paramref name="dtype"/> as <c>convert_element_type</c> would.</summary>
    public static Scalar Of(DType dtype, double value) => dtype switch
    {
        DType.Bool => Of(value != 0),
        DType.Int8 => Of(sbyte.CreateSaturating(value)),
        DType.Int16 => Of(short.CreateSaturating(value)),
        DType.Int32 => Of(int.CreateSaturating(value)),
        DType.Int64 => Of(long.CreateSaturating(value)),
        DType.UInt8 => Of(byte.CreateSaturating(value)),
        DType.UInt16 => Of(ushort.CreateSaturating(value)),
        DType.UInt32 => Of(uint.CreateSaturating(value)),
        DType.UInt64 => Of(ulong.CreateSaturating(value)),
        DType.Float16 => Of((Half)value),
        DType.BFloat16 => Of((BFloat16)value),
        DType.Float32 => Of((float)value),
        DType.Float64 => Of(value),
        _ => Of(dtype, new Complex(value, 0)),
    };

    /// <summary>The integer <paramref name="value"/> in <paramref name="dtype"/>; integers wrap around.</summary>
    public static Scalar Of(DType dtype, long value) => dtype.IsInteger
        ? new(dtype, unchecked((ulong)value) & (dtype.Size == 8 ? ulong.MaxValue : (1UL << (8 * dtype.Size)) - 1))
        : dtype switch
        {
            DType.Float32 => Of((float)value),
            DType.Complex64 => Of(dtype, (double)(float)value),
            // To odd first, which cannot change the second rounding.
            DType.BFloat16 when value is <= -(1L << 53) or >= 1L << 53 => Of(dtype, (double)((value & ~0x7FFL) | ((value & 0x7FF) == 0 ? 0L : 0x800L))),
            _ => Of(dtype, (double)value),
        };

    /// <summary>The complex value <paramref name="value"/>; real dtypes keep the real part.</summary>
    public static Scalar Of(DType dtype, Complex value) => dtype switch
    {
        DType.Complex64 => new(dtype, BitConverter.SingleToUInt32Bits((float)value.Real)
            | ((UInt128)BitConverter.SingleToUInt32Bits((float)value.Imaginary) << 32)),
        DType.Complex128 => new(dtype, BitConverter.DoubleToUInt64Bits(value.Real) | ((UInt128)BitConverter.DoubleToUInt64Bits(value.Imaginary) << 64)),
        _ => Of(dtype, value.Real),
    };

    /// <summary>Reads one element of <paramref name="dtype"/> from the start of <paramref name="bytes"/>.</summary>
    public static Scalar Read(DType dtype, ReadOnlySpan<byte> bytes)
    {
        UInt128 bits = default;
        bytes[..dtype.Size].CopyTo(Bytes(ref bits));
        return new(dtype, bits);
    }

    /// <summary>Writes the element to the start of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination)
    {
        var bits = Bits;
        Bytes(ref bits)[..DType.Size].CopyTo(destination);
    }

    /// <summary>The element as <typeparamref name="T"/>, whose dtype must be this one.</summary>
    /// <exception cref="InvalidCastException">It is another.</exception>
    public T As<T>() where T : unmanaged
    {
        if (DTypeExtensions.DTypeOf<T>() != DType) throw new InvalidCastException($"A {DType.Name} scalar is not a {typeof(T)}.");
        var bits = Bits;
        return MemoryMarshal.Read<T>(Bytes(ref bits));
    }

    /// <summary>The value as a double; 64-bit integers may round, complex values give their real part.</summary>
    public double ToDouble() => DType switch
    {
        DType.Bool => (byte)Bits,
        DType.Int8 => (sbyte)(byte)Bits,
        DType.Int16 => (short)(ushort)Bits,
        DType.Int32 => (int)(uint)Bits,
        DType.Int64 => (long)(ulong)Bits,
        DType.UInt8 or DType.UInt16 or DType.UInt32 or DType.UInt64 => (ulong)Bits,
        DType.Float16 => (double)BitConverter.UInt16BitsToHalf((ushort)Bits),
        DType.BFloat16 => BFloat16.FromBits((ushort)Bits),
        DType.Float32 => BitConverter.UInt32BitsToSingle((uint)Bits),
        DType.Float64 => BitConverter.UInt64BitsToDouble((ulong)Bits),
        _ => ToComplex().Real,
    };

    /// <summary>The value as an integer; floats are truncated and saturate.</summary>
    public long ToInt64() => DType.Kind switch
    {
        DTypeKinds.Unsigned or DTypeKinds.Bool => unchecked((long)(ulong)Bits),
        DTypeKinds.Signed => DType == DType.Int64 ? unchecked((long)(ulong)Bits) : (long)ToDouble(),
        _ => long.CreateSaturating(ToDouble()),
    };

    /// <summary>The value as a complex number.</summary>
    public Complex ToComplex() => DType switch
    {
        DType.Complex64 => new(BitConverter.UInt32BitsToSingle((uint)Bits), BitConverter.UInt32BitsToSingle((uint)(Bits >> 32))),
        DType.Complex128 => new(BitConverter.UInt64BitsToDouble((ulong)Bits), BitConverter.UInt64BitsToDouble((ulong)(Bits >> 64))),
        _ => new(ToDouble(), 0),
    };

    /// <summary>The value as Python writes it, with the shortest digits that read back exactly: <c>2.0</c>, <c>True</c>, <c>-inf</c>, <c>(1.0+2.0j)</c>.</summary>
    public override string ToString() => DType switch
    {
        DType.Bool => Bits == 0 ? "False" : "True",
        DType.Float16 => Float(((double)BitConverter.UInt16BitsToHalf((ushort)Bits)), BitConverter.UInt16BitsToHalf((ushort)Bits).ToString("R", CultureInfo.InvariantCulture)),
        DType.BFloat16 => Float(ToDouble(), ShortestBFloat16()),
        DType.Float32 => Float(ToDouble(), ((float)ToDouble()).ToString("R", CultureInfo.InvariantCulture)),
        DType.Float64 => Float(ToDouble(), ToDouble().ToString("R", CultureInfo.InvariantCulture)),
        DType.Complex64 => Imaginary(ToComplex(), v => ((float)v).ToString("R", CultureInfo.InvariantCulture)),
        DType.Complex128 => Imaginary(ToComplex(), v => v.ToString("R", CultureInfo.InvariantCulture)),
        DType.UInt64 => ((ulong)Bits).ToString(CultureInfo.InvariantCulture),
        _ => ToInt64().ToString(CultureInfo.InvariantCulture),
    };

    private static string Imaginary(Complex value, Func<double, string> digits)
    {
        var imaginary = Float(value.Imaginary, digits(value.Imaginary));
        return $"({Float(value.Real, digits(value.Real))}{(imaginary.StartsWith('-') ? "" : "+")}{imaginary}j)";
    }

    /// <summary>The fewest digits of a binary32 that round to this bfloat16.</summary>
    private string ShortestBFloat16()
    {
        var value = (float)ToDouble();
        for (var digits = 1; digits < 9; digits++)
        {
            var rounded = double.Parse(value.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if ((BFloat16)rounded == (BFloat16)value) return rounded.ToString("R", CultureInfo.InvariantCulture);
        }
        return value.ToString("R", CultureInfo.InvariantCulture);
    }

    private static string Float(double value, string digits)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        // Python writes an exponent from 1e16 on; .NET begins earlier with short types and later with double.
        if (digits.IndexOf('E') is > 0 and var e)
        {
            var exponent = int.Parse(digits.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            if (exponent is < 0 or >= 16) return digits.Replace('E', 'e');
            digits = Positional(digits.AsSpan(0, e), exponent);
        }
        else if (Math.Abs(value) >= 1e16) return Scientific(digits);
        return digits.Contains('.') ? digits : digits + ".0";
    }

    /// <summary>An integer of many digits with one of them before the point.</summary>
    private static string Scientific(string integer)
    {
        var first = integer[0] == '-' ? 1 : 0;
        var mantissa = integer.TrimEnd('0');
        if (mantissa.Length > first + 1) mantissa = mantissa.Insert(first + 1, ".");
        return $"{mantissa}e+{integer.Length - first - 1}";
    }

    /// <summary>The number <paramref name="mantissa"/>, which has one digit before the point, times ten to the power of <paramref name="exponent"/>.</summary>
    private static string Positional(ReadOnlySpan<char> mantissa, int exponent)
    {
        var point = mantissa.IndexOf('.');
        if (point < 0) return mantissa.ToString() + new string('0', exponent);
        var fraction = mantissa[(point + 1)..];
        return fraction.Length <= exponent
            ? $"{mantissa[..point]}{fraction}{new string('0', exponent - fraction.Length)}"
            : $"{mantissa[..point]}{fraction[..exponent]}.{fraction[exponent..]}";
    }

    private static Span<byte> Bytes(ref UInt128 bits) => MemoryMarshal.CreateSpan(ref Unsafe.As<UInt128, byte>(ref bits), 16);
}
