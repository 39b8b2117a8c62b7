using System.Globalization;
using System.Runtime.InteropServices;

namespace BrainState;

/// <summary>
/// A 16-bit float with the exponent range of a binary32: its upper half. It is a storage format; arithmetic is done in
/// <see cref="float"/> and rounded back, to nearest with ties to even.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct BFloat16 : IEquatable<BFloat16>, IComparable<BFloat16>, IFormattable
{
    private BFloat16(ushort bits) => Bits = bits;

    /// <summary>The raw representation: 1 sign, 8 exponent, 7 fraction bits.</summary>
    public ushort Bits { get; }

    /// <summary>The value with the given representation.</summary>
    public static BFloat16 FromBits(ushort bits) => new(bits);

    /// <summary>Rounds to nearest, ties to even; a NaN stays a NaN.</summary>
    public static explicit operator BFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return new((ushort)((bits >> 16) | 0x40)); // Keep the quiet bit, so that truncation cannot make infinity.
        return new((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>Rounds once, as if exactly: a double is first rounded to odd in binary32, which cannot change the second rounding.</summary>
    public static explicit operator BFloat16(double value)
    {
        var single = (float)value;
        if (double.IsNaN(value) || float.IsInfinity(single) || (double)single == value) return (BFloat16)single;
        var bits = BitConverter.SingleToUInt32Bits(single);
        var towardsZero = Math.Abs((double)single) > Math.Abs(value) ? bits - 1 : bits;
        return (BFloat16)BitConverter.UInt32BitsToSingle(towardsZero | 1);
    }

    /// <summary>Exact.</summary>
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <inheritdoc/>
    public bool Equals(BFloat16 other) => ((float)this).Equals(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((float)this).GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(BFloat16 other) => ((float)this).CompareTo(other);

    /// <inheritdoc/>
    public override string ToString() => ToString(null, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ((float)this).ToString(format, formatProvider);

    /// <summary>IEEE equality of the values.</summary>
    public static bool operator ==(BFloat16 left, BFloat16 right) => (float)left == right;

    /// <summary>IEEE inequality of the values.</summary>
    public static bool operator !=(BFloat16 left, BFloat16 right) => (float)left != right;
}
