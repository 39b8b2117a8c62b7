using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Kernels;

/// <summary>Result = A ? B : C, where A is bool. <typeparamref name="T"/> only says the element size.</summary>
internal static unsafe class SelectKernels<T> where T : unmanaged
{
    public static TileKernel Dense =>
        Vector512.IsHardwareAccelerated ? &Run<Vec512<T>> : Vector256.IsHardwareAccelerated ? &Run<Vec256<T>> : &Run<Vec128<T>>;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<V>(byte** registers, Instruction* instruction, nint start, nint count) where V : unmanaged, IVector<V, T>
    {
        var result = (T*)registers[instruction->Result];
        var which = registers[instruction->A];
        var yes = (T*)registers[instruction->B];
        var no = (T*)registers[instruction->C];
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count) V.Select(V.LoadMask(which + i), V.Load(yes + i), V.Load(no + i)).Store(result + i);
        for (; i < count; i++) result[i] = which[i] != 0 ? yes[i] : no[i];
    }
}

/// <summary>Result = A ? B : C for elements that vectors do not have.</summary>
internal static unsafe class ScalarSelectKernels<T> where T : unmanaged
{
    public static TileKernel Dense => &Run;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (T*)registers[instruction->Result];
        var which = registers[instruction->A];
        var yes = (T*)registers[instruction->B];
        var no = (T*)registers[instruction->C];
        for (nint i = 0; i < count; i++) result[i] = which[i] != 0 ? yes[i] : no[i];
    }
}

/// <summary>Kernels that move elements of a size without looking at them.</summary>
internal static unsafe class MoveKernels<T> where T : unmanaged
{
    /// <summary>Every element of Result = the one element of A.</summary>
    public static TileKernel Splat => &RunSplat;

    /// <summary>Result = A.</summary>
    public static TileKernel Copy => &RunCopy;

    private static void RunSplat(byte** registers, Instruction* instruction, nint start, nint count) =>
        new Span<T>(registers[instruction->Result], (int)count).Fill(*(T*)registers[instruction->A]);

    private static void RunCopy(byte** registers, Instruction* instruction, nint start, nint count) =>
        Unsafe.CopyBlockUnaligned(registers[instruction->Result], registers[instruction->A], (uint)(count * sizeof(T)));
}
