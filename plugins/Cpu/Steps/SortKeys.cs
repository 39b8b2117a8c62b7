namespace BrainState.Cpu.Steps;

/// <summary>
/// Maps elements to unsigned integers in the order of sorting: −0 equals 0, and all NaNs are equal and larger than everything else.
/// </summary>
internal static unsafe class SortKeys
{
    /// <summary>The key of the element at <paramref name="address"/>.</summary>
    public static ulong Read(DType dtype, byte* address) => dtype switch
    {
        DType.Bool or DType.UInt8 => *address,
        DType.UInt16 => *(ushort*)address,
        DType.UInt32 => *(uint*)address,
        DType.UInt64 => *(ulong*)address,
        DType.Int8 => (byte)(*(sbyte*)address ^ sbyte.MinValue),
        DType.Int16 => (ushort)(*(short*)address ^ short.MinValue),
        DType.Int32 => (uint)(*(int*)address ^ int.MinValue),
        DType.Int64 => (ulong)(*(long*)address ^ long.MinValue),
        DType.Float16 => OfFloat((float)*(Half*)address),
        DType.BFloat16 => OfFloat(*(BFloat16*)address),
        DType.Float32 => OfFloat(*(float*)address),
        _ => OfDouble(*(double*)address),
    };

    /// <summary>Whether keys of the dtype have at most 32 bits.</summary>
    public static bool IsShort(DType dtype) => dtype is not (DType.Int64 or DType.UInt64 or DType.Float64);

    /// <summary>Positive floats are ordered like their bits, negative ones the other way round.</summary>
    private static ulong OfFloat(float value)
    {
        if (float.IsNaN(value)) return uint.MaxValue;
        var bits = BitConverter.SingleToUInt32Bits(value + 0f);
        return (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
    }

    private static ulong OfDouble(double value)
    {
        if (double.IsNaN(value)) return ulong.MaxValue;
        var bits = BitConverter.DoubleToUInt64Bits(value + 0d);
        return (bits & 0x8000000000000000) != 0 ? ~bits : bits | 0x8000000000000000;
    }
}
