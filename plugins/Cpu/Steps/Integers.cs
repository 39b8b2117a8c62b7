namespace BrainState.Cpu.Steps;

/// <summary>Integers of any dtype, as positions.</summary>
internal static unsafe class Integers
{
    /// <summary>The integer at <paramref name="address"/>; what does not fit is the largest.</summary>
    public static long Read(DType dtype, byte* address) => dtype switch
    {
        DType.Int8 => *(sbyte*)address,
        DType.Int16 => *(short*)address,
        DType.Int32 => *(int*)address,
        DType.Int64 => *(long*)address,
        DType.UInt8 => *address,
        DType.UInt16 => *(ushort*)address,
        DType.UInt32 => *(uint*)address,
        _ => (long)Math.Min(*(ulong*)address, long.MaxValue),
    };
}
