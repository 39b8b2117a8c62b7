namespace BrainState.NumPy;

/// <summary>A finite non-negative number as mantissa · 2^exponent, in the terms of its own format.</summary>
/// <param name="Mantissa">The integer mantissa, hidden bit included.</param>
/// <param name="Exponent">The power of two it is scaled by.</param>
/// <param name="CloserBelow">
/// Whether the next smaller number is only half as far away as the next larger one (a power of two above the smallest normal).
/// </param>
internal readonly record struct BinaryFloat(ulong Mantissa, int Exponent, bool CloserBelow)
{
    /// <summary>Takes |<paramref name="value"/>| apart; the value must be finite and representable in the format.</summary>
    public static BinaryFloat Of(double value, FloatKind kind)
    {
        var (fractionBits, minExponent) = Layout(kind);
        value = Math.Abs(value);
        if (value == 0)
            return new BinaryFloat(0, minExponent, false);

        var exponent = Math.Max(Math.ILogB(value) - fractionBits, minExponent);
        var mantissa = (ulong)Math.ScaleB(value, -exponent);
        return new BinaryFloat(mantissa, exponent, mantissa == 1UL << fractionBits && exponent > minExponent);
    }

    /// <summary>The number of the format nearest to <paramref name="value"/>, ties to even.</summary>
    public static double Round(double value, FloatKind kind) => kind switch
    {
        FloatKind.Float64 => value,
        FloatKind.Float32 => (float)value,
        FloatKind.Float16 => (double)(Half)value,
        _ => RoundToBFloat16((float)value),
    };

    /// <summary>Stored fraction bits and the exponent of the last bit of the smallest numbers.</summary>
    private static (int FractionBits, int MinExponent) Layout(FloatKind kind) => kind switch
    {
        FloatKind.Float16 => (10, -24),
        FloatKind.BFloat16 or FloatKind.BFloat16Jax => (7, -133),
        FloatKind.Float32 => (23, -149),
        FloatKind.Float64 => (52, -1074),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown floating-point format."),
    };

    private static double RoundToBFloat16(float value)
    {
        if (!float.IsFinite(value))
            return value;
        var bits = BitConverter.SingleToUInt32Bits(value);
        var roundUp = 0x7FFF + (bits >> 16 & 1);
        return BitConverter.UInt32BitsToSingle(unchecked(bits + roundUp) & 0xFFFF0000);
    }
}
