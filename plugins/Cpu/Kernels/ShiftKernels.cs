using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Kernels;

/// <summary>A shift by a count that may be outside the width of the element.</summary>
internal interface IShift
{
    static abstract V Apply<V, T>(V x, int count) where T : unmanaged where V : unmanaged, IVector<V, T>;

    static abstract T Apply<T>(T x, int count) where T : unmanaged, IBinaryInteger<T>;

    /// <summary>The largest count that changes anything beyond it; counts outside [0, width) act as this one.</summary>
    static abstract int Outside(int width);
}

internal readonly struct ShiftLeftOp : IShift
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, int count) where T : unmanaged where V : unmanaged, IVector<V, T> => V.ShiftLeft(x, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, int count) where T : unmanaged, IBinaryInteger<T> => x << count;

    public static int Outside(int width) => -1;
}

internal readonly struct ShiftRightLogicalOp : IShift
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, int count) where T : unmanaged where V : unmanaged, IVector<V, T> => V.ShiftRight(x, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, int count) where T : unmanaged, IBinaryInteger<T> => x >>> count;

    public static int Outside(int width) => -1;
}

/// <summary>Fills with the sign bit whether the dtype is signed or not.</summary>
internal readonly struct ShiftRightArithmeticOp : IShift
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, int count) where T : unmanaged where V : unmanaged, IVector<V, T> => V.ShiftRightSigned(x, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, int count) where T : unmanaged, IBinaryInteger<T> => x >> count;

    public static int Outside(int width) => width - 1;
}

/// <summary>Result = A shifted by B. One count for all elements, the usual case, is a vector instruction.</summary>
internal static unsafe class ShiftKernels<TOp, T> where TOp : struct, IShift where T : unmanaged, IBinaryInteger<T>
{
    public static BinaryForms Forms => Vector512.IsHardwareAccelerated ? new(&Dense, &RightScalar<Vec512<T>>, null)
        : Vector256.IsHardwareAccelerated ? new(&Dense, &RightScalar<Vec256<T>>, null) : new(&Dense, &RightScalar<Vec128<T>>, null);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dense(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var y = (T*)registers[instruction->B];
        for (nint i = 0; i < count; i++)
        {
            var shift = CountOf(y[i]);
            result[i] = shift < 0 ? T.Zero : TOp.Apply(x[i], shift);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RightScalar<V>(byte** registers, Instruction* instruction, nint start, nint count) where V : unmanaged, IVector<V, T>
    {
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var shift = CountOf(*(T*)registers[instruction->B]);
        if (shift < 0)
        {
            new Span<T>(result, (int)count).Clear();
            return;
        }
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count) TOp.Apply<V, T>(V.Load(x + i), shift).Store(result + i);
        for (; i < count; i++) result[i] = TOp.Apply(x[i], shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountOf(T shift)
    {
        var width = sizeof(T) * 8;
        return shift >= T.Zero && ulong.CreateTruncating(shift) < (ulong)width ? int.CreateTruncating(shift) : TOp.Outside(width);
    }
}
