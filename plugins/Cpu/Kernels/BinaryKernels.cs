using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BrainState.Cpu.Numerics;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Kernels;

/// <summary>The forms of a binary kernel: both operands dense, or one of them a single element. A missing form is null.</summary>
internal readonly unsafe struct BinaryForms(TileKernel dense, TileKernel rightScalar, TileKernel leftScalar)
{
    public TileKernel Dense { get; } = dense;

    public TileKernel RightScalar { get; } = rightScalar;

    public TileKernel LeftScalar { get; } = leftScalar;
}

/// <summary>Result = op(A, B), vector by vector.</summary>
internal static unsafe class BinaryKernels<TOp, T> where TOp : struct, IBinaryOp<T> where T : unmanaged
{
    public static BinaryForms Forms =>
        Vector512.IsHardwareAccelerated ? FormsOf<Vec512<T>>() : Vector256.IsHardwareAccelerated ? FormsOf<Vec256<T>>() : FormsOf<Vec128<T>>();

    private static BinaryForms FormsOf<V>() where V : unmanaged, IVector<V, T> => new(&Dense<V>, &RightScalar<V>, &LeftScalar<V>);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dense<V>(byte** registers, Instruction* instruction, nint start, nint count) where V : unmanaged, IVector<V, T>
    {
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var y = (T*)registers[instruction->B];
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count) TOp.Apply(V.Load(x + i), V.Load(y + i)).Store(result + i);
        if (i < count)
            TOp.Apply(V.LoadPartial(x + i, count - i, V.One), V.LoadPartial(y + i, count - i, V.One)).StorePartial(result + i, count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RightScalar<V>(byte** registers, Instruction* instruction, nint start, nint count) where V : unmanaged, IVector<V, T>
    {
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var y = V.Splat(*(T*)registers[instruction->B]);
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count) TOp.Apply(V.Load(x + i), y).Store(result + i);
        if (i < count) TOp.Apply(V.LoadPartial(x + i, count - i, V.One), y).StorePartial(result + i, count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LeftScalar<V>(byte** registers, Instruction* instruction, nint start, nint count) where V : unmanaged, IVector<V, T>
    {
        var result = (T*)registers[instruction->Result];
        var x = V.Splat(*(T*)registers[instruction->A]);
        var y = (T*)registers[instruction->B];
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count) TOp.Apply(x, V.Load(y + i)).Store(result + i);
        if (i < count) TOp.Apply(x, V.LoadPartial(y + i, count - i, V.One)).StorePartial(result + i, count - i);
    }
}

/// <summary>Result = op(A, B), element by element.</summary>
internal static unsafe class ScalarBinaryKernels<TOp, T> where TOp : struct, IScalarBinaryOp<T> where T : unmanaged
{
    public static BinaryForms Forms => new(&Dense, &RightScalar, &LeftScalar);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dense(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var y = (T*)registers[instruction->B];
        for (nint i = 0; i < count; i++) result[i] = TOp.Apply(x[i], y[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RightScalar(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var y = *(T*)registers[instruction->B];
        for (nint i = 0; i < count; i++) result[i] = TOp.Apply(x[i], y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LeftScalar(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (T*)registers[instruction->Result];
        var x = *(T*)registers[instruction->A];
        var y = (T*)registers[instruction->B];
        for (nint i = 0; i < count; i++) result[i] = TOp.Apply(x, y[i]);
    }
}

/// <summary>Result (bools) = relation(A, B), vector by vector.</summary>
internal static unsafe class RelationKernels<TOp, T> where TOp : struct, IRelation<T> where T : unmanaged
{
    public static BinaryForms Forms =>
        Vector512.IsHardwareAccelerated ? FormsOf<Vec512<T>>() : Vector256.IsHardwareAccelerated ? FormsOf<Vec256<T>>() : FormsOf<Vec128<T>>();

    private static BinaryForms FormsOf<V>() where V : unmanaged, IVector<V, T> => new(&Dense<V>, &RightScalar<V>, &LeftScalar<V>);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dense<V>(byte** registers, Instruction* instruction, nint start, nint count) where V : unmanaged, IVector<V, T>
    {
        var result = registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var y = (T*)registers[instruction->B];
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count) TOp.Apply(V.Load(x + i), V.Load(y + i)).StoreMask(result + i);
        if (i < count) StoreRest(TOp.Apply(V.LoadPartial(x + i, count - i, V.One), V.LoadPartial(y + i, count - i, V.One)), result + i, count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RightScalar<V>(byte** registers, Instruction* instruction, nint start, nint count) where V : unmanaged, IVector<V, T>
    {
        var result = registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var y = V.Splat(*(T*)registers[instruction->B]);
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count) TOp.Apply(V.Load(x + i), y).StoreMask(result + i);
        if (i < count) StoreRest(TOp.Apply(V.LoadPartial(x + i, count - i, V.One), y), result + i, count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LeftScalar<V>(byte** registers, Instruction* instruction, nint start, nint count) where V : unmanaged, IVector<V, T>
    {
        var result = registers[instruction->Result];
        var x = V.Splat(*(T*)registers[instruction->A]);
        var y = (T*)registers[instruction->B];
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count) TOp.Apply(x, V.Load(y + i)).StoreMask(result + i);
        if (i < count) StoreRest(TOp.Apply(x, V.LoadPartial(y + i, count - i, V.One)), result + i, count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRest<V>(V mask, byte* result, nint count) where V : unmanaged, IVector<V, T>
    {
        var bools = stackalloc byte[64];
        mask.StoreMask(bools);
        Unsafe.CopyBlockUnaligned(result, bools, (uint)count);
    }
}

/// <summary>Result (bools) = relation(A, B), element by element.</summary>
internal static unsafe class ScalarRelationKernels<TOp, T> where TOp : struct, IScalarRelation<T> where T : unmanaged
{
    public static BinaryForms Forms => new(&Dense, null, null);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dense(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (bool*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var y = (T*)registers[instruction->B];
        for (nint i = 0; i < count; i++) result[i] = TOp.Apply(x[i], y[i]);
    }
}

/// <summary>Result (complex) = A + Bi.</summary>
internal static unsafe class PairKernels<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static BinaryForms Forms => new(&Dense, null, null);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dense(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (Complex<T>*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var y = (T*)registers[instruction->B];
        for (nint i = 0; i < count; i++) result[i] = new(x[i], y[i]);
    }
}
