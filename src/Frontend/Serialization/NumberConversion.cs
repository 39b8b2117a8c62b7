using System.Numerics;

namespace BrainState.Serialization;

/// <summary>Numbers of a file in the type that a target has in their place.</summary>
static class NumberConversion
{
    /// <summary>
    /// The number in another type: exactly if that is an integer, rounded if it is floating-point. Null if it does not fit, or one of both is
    /// no number.
    /// </summary>
    public static object? To(Type type, object number)
    {
        if (type == typeof(Complex))
            return Real(number) is { } part ? new Complex(part, 0) : null;
        if (type == typeof(double) || type == typeof(float) || type == typeof(Half) || type == typeof(BFloat16))
            return Real(number) is { } real ? Rounded(type, real) : null;
        return Whole(number) is { } whole ? Narrowed(type, whole) : null;
    }

    static object Rounded(Type type, double value)
    {
        if (type == typeof(float))
            return (float)value;
        if (type == typeof(Half))
            return (Half)value;
        return type == typeof(BFloat16) ? (object)(BFloat16)value : value;
    }

    static object? Narrowed(Type type, Int128 value)
    {
        try
        {
            return checked(Type.GetTypeCode(type) switch
            {
                TypeCode.SByte => (sbyte)value,
                TypeCode.Int16 => (short)value,
                TypeCode.Int32 => (int)value,
                TypeCode.Int64 => (long)value,
                TypeCode.Byte => (byte)value,
                TypeCode.UInt16 => (ushort)value,
                TypeCode.UInt32 => (uint)value,
                TypeCode.UInt64 => (ulong)value,
                _ when type == typeof(Int128) => value,
                _ when type == typeof(UInt128) => (UInt128)value,
                _ when type == typeof(BigInteger) => (BigInteger)value,
                _ => (object?)null,
            });
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    static double? Real(object number) => number switch
    {
        double value => value,
        float value => value,
        Half value => (double)value,
        BFloat16 value => (float)value,
        _ => Whole(number) is { } whole ? (double)whole : null,
    };

    static Int128? Whole(object number) => number switch
    {
        sbyte value => value,
        short value => value,
        int value => value,
        long value => value,
        byte value => value,
        ushort value => value,
        uint value => value,
        ulong value => value,
        double or float or Half or BFloat16 => Real(number) is { } real && double.IsInteger(real) && Math.Abs(real) <= ulong.MaxValue ? (Int128)real : null,
        _ => null,
    };
}
