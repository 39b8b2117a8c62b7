using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Kernels;

/// <summary>Result = A converted from <typeparamref name="TFrom"/> to <typeparamref name="TTo"/>; floats saturate in integers, NaN is 0, integers wrap.</summary>
internal static unsafe class ConvertKernels<TFrom, TTo>
    where TFrom : unmanaged, INumberBase<TFrom> where TTo : unmanaged, INumberBase<TTo>
{
    public static TileKernel Dense => &Run;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (TTo*)registers[instruction->Result];
        var x = (TFrom*)registers[instruction->A];
        nint i = 0;
        if (Avx512F.IsSupported && typeof(TFrom) == typeof(float) && typeof(TTo) == typeof(double))
            for (; i <= count - 8; i += 8) Avx512F.ConvertToVector512Double(Vector256.Load((float*)x + i)).Store((double*)result + i);
        if (Avx512F.IsSupported && typeof(TFrom) == typeof(double) && typeof(TTo) == typeof(float))
            for (; i <= count - 8; i += 8) Avx512F.ConvertToVector256Single(Vector512.Load((double*)x + i)).Store((float*)result + i);
        for (; i < count; i++) result[i] = FromFloat ? TTo.CreateSaturating(x[i]) : TTo.CreateTruncating(x[i]);
    }

    private static bool FromFloat => typeof(TFrom) == typeof(float) || typeof(TFrom) == typeof(double);
}

/// <summary>Conversions between float32 and int32, or float64 and int64: one vector instruction.</summary>
internal static unsafe class SameWidthConvertKernels<TFloat> where TFloat : unmanaged
{
    public static TileKernel ToInteger => UnaryKernels<UnaryAt<ToIntegerOp, TFloat>, TFloat>.Dense;

    public static TileKernel FromInteger => UnaryKernels<UnaryAt<FromIntegerOp, TFloat>, TFloat>.Dense;

    private readonly struct ToIntegerOp : IAnyUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V, T>(V x) where T : unmanaged where V : unmanaged, IVector<V, T> => V.ToInteger(x);
    }

    private readonly struct FromIntegerOp : IAnyUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V, T>(V x) where T : unmanaged where V : unmanaged, IVector<V, T> => V.FromInteger(x);
    }
}

/// <summary>Result = A (bools) as 0 or 1.</summary>
internal static unsafe class FromBoolKernels<T> where T : unmanaged
{
    public static TileKernel Dense =>
        Vector512.IsHardwareAccelerated ? &Run<Vec512<T>> : Vector256.IsHardwareAccelerated ? &Run<Vec256<T>> : &Run<Vec128<T>>;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<V>(byte** registers, Instruction* instruction, nint start, nint count) where V : unmanaged, IVector<V, T>
    {
        var result = (T*)registers[instruction->Result];
        var x = registers[instruction->A];
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count) (V.LoadMask(x + i) & V.One).Store(result + i);
        if (i >= count) return;
        var rest = stackalloc byte[64];
        Unsafe.CopyBlockUnaligned(rest, x + i, (uint)(count - i));
        (V.LoadMask(rest) & V.One).StorePartial(result + i, count - i);
    }
}
