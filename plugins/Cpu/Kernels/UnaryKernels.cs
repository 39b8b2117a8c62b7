using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Kernels;

/// <summary>Result = op(A), vector by vector.</summary>
internal static unsafe class UnaryKernels<TOp, T> where TOp : struct, IUnaryOp<T> where T : unmanaged
{
    public static TileKernel Dense =>
        Vector512.IsHardwareAccelerated ? &Run<Vec512<T>> : Vector256.IsHardwareAccelerated ? &Run<Vec256<T>> : &Run<Vec128<T>>;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<V>(byte** registers, Instruction* instruction, nint start, nint count) where V : unmanaged, IVector<V, T>
    {
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count) TOp.Apply(V.Load(x + i)).Store(result + i);
        if (i < count) TOp.Apply(V.LoadPartial(x + i, count - i, V.One)).StorePartial(result + i, count - i);
    }
}

/// <summary>Result = op(A), element by element.</summary>
internal static unsafe class ScalarUnaryKernels<TOp, T> where TOp : struct, IScalarUnaryOp<T> where T : unmanaged
{
    public static TileKernel Dense => &Run;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        for (nint i = 0; i < count; i++) result[i] = TOp.Apply(x[i]);
    }
}

/// <summary>Result = op(A), where elements of A and Result have different types.</summary>
internal static unsafe class MapKernels<TOp, TFrom, TTo> where TOp : struct, IScalarMap<TFrom, TTo> where TFrom : unmanaged where TTo : unmanaged
{
    public static TileKernel Dense => &Run;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (TTo*)registers[instruction->Result];
        var x = (TFrom*)registers[instruction->A];
        for (nint i = 0; i < count; i++) result[i] = TOp.Apply(x[i]);
    }
}

/// <summary>Result = A to the integer power Parameter, by squaring and multiplying; negative powers are reciprocals.</summary>
internal static unsafe class IntegerPowerKernels<T> where T : unmanaged
{
    public static TileKernel Dense =>
        Vector512.IsHardwareAccelerated ? &Run<Vec512<T>> : Vector256.IsHardwareAccelerated ? &Run<Vec256<T>> : &Run<Vec128<T>>;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<V>(byte** registers, Instruction* instruction, nint start, nint count) where V : unmanaged, IVector<V, T>
    {
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var exponent = instruction->Parameter;
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count) Power(V.Load(x + i), exponent).Store(result + i);
        if (i < count) Power(V.LoadPartial(x + i, count - i, V.One), exponent).StorePartial(result + i, count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Power<V>(V x, long exponent) where V : unmanaged, IVector<V, T>
    {
        var power = V.One;
        for (var rest = Math.Abs(exponent); rest != 0; rest >>= 1)
        {
            if ((rest & 1) != 0) power *= x;
            if (rest > 1) x *= x;
        }
        return exponent < 0 ? V.One / power : power;
    }
}
