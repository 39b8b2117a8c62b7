namespace BrainState.UnitTests.Cpu;

/// <summary>One element, exactly: integers and bools as an integer, floats as a double.</summary>
internal readonly record struct Element(Int128 Integer, double Float, bool IsFloat)
{
    public static Element Of(Int128 value) => new(value, 0, false);

    public static Element Of(double value) => new(0, value, true);

    public static Element Of(bool value) => Of((Int128)(value ? 1 : 0));

    public bool IsTrue => IsFloat ? Float != 0 : Integer != 0;

    public double AsDouble => IsFloat ? Float : (double)Integer;

    public static Element Read(DType dtype, ReadOnlySpan<byte> bytes) => dtype switch
    {
        DType.Bool or DType.UInt8 => Of((Int128)bytes[0]),
        DType.Int8 => Of((Int128)(sbyte)bytes[0]),
        DType.Int16 => Of((Int128)BitConverter.ToInt16(bytes)),
        DType.Int32 => Of((Int128)BitConverter.ToInt32(bytes)),
        DType.Int64 => Of((Int128)BitConverter.ToInt64(bytes)),
        DType.UInt16 => Of((Int128)BitConverter.ToUInt16(bytes)),
        DType.UInt32 => Of((Int128)BitConverter.ToUInt32(bytes)),
        DType.UInt64 => Of((Int128)BitConverter.ToUInt64(bytes)),
        DType.Float16 => Of((double)BitConverter.ToHalf(bytes)),
        DType.BFloat16 => Of((double)(float)BFloat16.FromBits(BitConverter.ToUInt16(bytes))),
        DType.Float32 => Of((double)BitConverter.ToSingle(bytes)),
        DType.Float64 => Of(BitConverter.ToDouble(bytes)),
        _ => throw new NotSupportedException(dtype.Name),
    };

    /// <summary>Writes the element rounded or wrapped to the dtype.</summary>
    public void Write(DType dtype, Span<byte> bytes)
    {
        switch (dtype)
        {
            case DType.Float16: BitConverter.TryWriteBytes(bytes, (Half)Float); break;
            case DType.BFloat16: BitConverter.TryWriteBytes(bytes, ((BFloat16)Float).Bits); break;
            case DType.Float32: BitConverter.TryWriteBytes(bytes, (float)Float); break;
            case DType.Float64: BitConverter.TryWriteBytes(bytes, Float); break;
            case DType.Bool: bytes[0] = (byte)(IsTrue ? 1 : 0); break;
            default:
                var bits = unchecked((ulong)(UInt128)Integer);
                for (var i = 0; i < dtype.Size; i++) bytes[i] = (byte)(bits >> (8 * i));
                break;
        }
    }

    /// <summary>This element rounded or wrapped to the dtype.</summary>
    public Element RoundTo(DType dtype)
    {
        Span<byte> bytes = stackalloc byte[8];
        Write(dtype, bytes);
        return Read(dtype, bytes);
    }

    /// <summary>The distance to the next float of the dtype, at a value.</summary>
    public static double Ulp(DType dtype, double value)
    {
        var (fraction, lowest) = dtype switch
        {
            DType.Float16 => (10, -24),
            DType.BFloat16 => (7, -133),
            DType.Float32 => (23, -149),
            _ => (52, -1074),
        };
        var magnitude = Math.Abs(value);
        if (magnitude == 0 || !double.IsFinite(magnitude)) return Math.ScaleB(1, lowest);
        return Math.ScaleB(1, Math.Max(Math.ILogB(magnitude) - fraction, lowest));
    }
}
