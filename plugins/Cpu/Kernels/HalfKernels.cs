using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Kernels;

/// <summary>
/// float16 and bfloat16. Registers hold them as float32, which represents both exactly; after each op the value is rounded to the dtype.
/// </summary>
internal static unsafe class HalfKernels
{
    public static TileKernel LoadFloat16 => &ReadFloat16;

    public static TileKernel StoreFloat16 => &WriteFloat16;

    public static TileKernel LoadBFloat16 => &ReadBFloat16;

    public static TileKernel StoreBFloat16 => &WriteBFloat16;

    public static TileKernel RoundToFloat16 => UnaryKernels<RoundToFloat16Op, float>.Dense;

    public static TileKernel RoundToBFloat16 => UnaryKernels<RoundToBFloat16Op, float>.Dense;

    /// <summary>From float64 with a single rounding.</summary>
    public static TileKernel DoubleToFloat16 => &NarrowToFloat16;

    /// <summary>From float64 with a single rounding.</summary>
    public static TileKernel DoubleToBFloat16 => &NarrowToBFloat16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadFloat16(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (float*)registers[instruction->Result];
        var x = (ushort*)registers[instruction->A];
        nint i = 0;
        for (; i <= count - 8; i += 8) Widen(Vector128.Load(x + i)).Store(result + i);
        for (; i < count; i++) result[i] = (float)((Half*)x)[i];
    }

    /// <summary>
    /// Moves exponent and fraction into place and multiplies by 2¹¹², which corrects the exponent bias and normalises denormals;
    /// infinities and NaNs get the missing exponent bits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Widen(Vector128<ushort> halves)
    {
        var bits = Vector256.Create(Vector128.WidenLower(halves), Vector128.WidenUpper(halves));
        var magnitude = Vector256.ShiftLeft(bits & Vector256.Create(0x7FFFu), 13);
        var value = magnitude.AsSingle() * Vector256.Create(BitConverter.UInt32BitsToSingle((127 + 112) << 23));
        var special = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x7C00u << 13));
        var result = value.AsUInt32() | (special & Vector256.Create(0x7F800000u));
        return (result | Vector256.ShiftLeft(bits & Vector256.Create(0x8000u), 16)).AsSingle();
    }

    /// <summary>Values in registers are representable, so the conversion is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteFloat16(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (Half*)registers[instruction->Result];
        var x = (float*)registers[instruction->A];
        nint i = 0;
        for (; i <= count - 16; i += 16) Vector256.Narrow(Narrow(Vector256.Load(x + i)), Narrow(Vector256.Load(x + i + 8))).Store((ushort*)result + i);
        for (; i < count; i++) result[i] = (Half)x[i];
    }

    /// <summary>The bits of representable values: exponent and fraction moved, denormals as multiples of 2⁻²⁴, infinity and NaN by themselves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Narrow(Vector256<float> x)
    {
        var bits = x.AsUInt32();
        var magnitude = bits & Vector256.Create(0x7FFFFFFFu);
        var normal = Vector256.ShiftRightLogical(magnitude - Vector256.Create(112u << 23), 13);
        var denormal = Vector256.ConvertToInt32(Vector256.Abs(x) * Vector256.Create(16777216f)).AsUInt32();
        var special = Vector256.Create(0x7C00u) | Vector256.ShiftRightLogical(magnitude & Vector256.Create(0x007FFFFFu), 13);
        // The quiet bit, so that a NaN whose other bits are cut off does not become infinity.
        special |= Vector256.GreaterThan(magnitude, Vector256.Create(0x7F800000u)) & Vector256.Create(0x0200u);
        var result = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(113u << 23)), denormal, normal);
        result = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x7F800000u)), special, result);
        return result | (Vector256.ShiftRightLogical(bits, 16) & Vector256.Create(0x8000u));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadBFloat16(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (uint*)registers[instruction->Result];
        var x = (ushort*)registers[instruction->A];
        nint i = 0;
        for (; i <= count - 8; i += 8)
        {
            var bits = Vector128.Load(x + i);
            Vector256.ShiftLeft(Vector256.Create(Vector128.WidenLower(bits), Vector128.WidenUpper(bits)), 16).Store(result + i);
        }
        for (; i < count; i++) result[i] = (uint)x[i] << 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteBFloat16(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (ushort*)registers[instruction->Result];
        var x = (uint*)registers[instruction->A];
        nint i = 0;
        for (; i <= count - 16; i += 16)
            Vector256.Narrow(Vector256.ShiftRightLogical(Vector256.Load(x + i), 16), Vector256.ShiftRightLogical(Vector256.Load(x + i + 8), 16))
                .Store(result + i);
        for (; i < count; i++) result[i] = (ushort)(x[i] >> 16);
    }

    private static void NarrowToFloat16(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (float*)registers[instruction->Result];
        var x = (double*)registers[instruction->A];
        for (nint i = 0; i < count; i++) result[i] = (float)(Half)x[i];
    }

    private static void NarrowToBFloat16(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (float*)registers[instruction->Result];
        var x = (double*)registers[instruction->A];
        for (nint i = 0; i < count; i++) result[i] = (BFloat16)x[i];
    }
}

/// <summary>
/// Makes a 64-bit integer representable in float64 without disturbing a later rounding to fewer bits: what is cut off is kept as a sticky
/// lowest bit (rounding to odd).
/// </summary>
internal readonly struct RoundToOddOp : IScalarUnaryOp<long>, IScalarUnaryOp<ulong>
{
    public static ulong Apply(ulong x)
    {
        const ulong cut = (1 << 11) - 1;
        if (x >> 53 == 0) return x;
        return (x & cut) != 0 ? (x & ~cut) | (cut + 1) : x;
    }

    public static long Apply(long x) => x < 0 ? (long)(0UL - Apply(0UL - (ulong)x)) : (long)Apply((ulong)x);
}

/// <summary>float32 to the nearest float16, ties to even.</summary>
internal readonly struct RoundToFloat16Op : IUnaryOp<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : unmanaged, IVector<V, float>
    {
        var sign = x & V.SplatBits(0x80000000);
        var magnitude = V.Abs(x);
        // Normal numbers: add half a unit of the 10-bit fraction, less one bit if that bit is even already, and cut.
        var odd = V.ShiftRight(magnitude, 13) & V.SplatBits(1);
        var normal = V.AndNot(V.AddBits(V.AddBits(magnitude, odd), V.SplatBits(0xFFF)), V.SplatBits(0x1FFF));
        // Denormals are multiples of 2^-24, the unit of numbers around one half.
        var half = V.Splat(0.5f);
        var denormal = magnitude + half - half;
        var rounded = V.Select(V.Less(magnitude, V.Splat(6.103515625e-05f)), denormal, normal);
        rounded = V.Select(V.LessOrEqual(V.Splat(65520f), magnitude), V.Splat(float.PositiveInfinity), rounded);
        return V.Select(V.Equal(x, x), rounded | sign, x);
    }
}

/// <summary>float32 to the nearest bfloat16, ties to even.</summary>
internal readonly struct RoundToBFloat16Op : IUnaryOp<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : unmanaged, IVector<V, float>
    {
        var odd = V.ShiftRight(x, 16) & V.SplatBits(1);
        var rounded = V.AndNot(V.AddBits(V.AddBits(x, odd), V.SplatBits(0x7FFF)), V.SplatBits(0xFFFF));
        // A NaN must keep a fraction bit that survives the cut.
        return V.Select(V.Equal(x, x), rounded, V.AndNot(x, V.SplatBits(0xFFFF)) | V.SplatBits(0x00400000));
    }
}
