using System.Runtime.CompilerServices;
using BrainState.Cpu.Kernels;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>
/// Copies the operand, unless the result is in its place, and combines windows of it with the updates, one after the other. Threads share the elements of the windows, not the
/// windows, so that each element sees its updates in their order.
/// </summary>
internal sealed unsafe class ScatterStep<TOp, T>(IndexedWindows windows, long count, StepMemory memory) : Step
    where TOp : struct, IScalarBinaryOp<T> where T : unmanaged
{
    private const long ParallelCount = 1 << 15, ShareCount = 16;

    private readonly IndexedWindows windows = windows;
    private readonly int longest = Longest(windows.Axes);
    private readonly Location operand = memory.Inputs[0];
    private readonly Location indices = memory.Inputs[1];
    private readonly Location updates = memory.Inputs[2];
    private readonly Location result = memory.Outputs[0];

    public override void Run(Frame frame)
    {
        var bytes = count * sizeof(T);
        if (frame[operand] != frame[result]) Buffer.MemoryCopy(frame[operand], frame[result], bytes, bytes);
        // The work stays on this stack until all parts are done, so its address may be passed around although it refers to an object.
        var work = new Work { Step = this, Indices = frame[indices], Updates = (T*)frame[updates], Result = (T*)frame[result], Parts = 1 };
        if (windows.Count * windows.WindowCount >= ParallelCount)
            work.Parts = (int)Math.Clamp(windows.Axes[longest].Size / ShareCount, 1, frame.Workers.Degree);
        frame.Workers.Run(work.Parts, &RunPart, Unsafe.AsPointer(ref work));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunPart(void* state, int part)
    {
        ref var work = ref Unsafe.AsRef<Work>(state);
        var windows = work.Step.windows;
        var axes = (IndexedWindows.Axis[])windows.Axes.Clone();
        ref var shared = ref axes[work.Step.longest];
        var first = shared.Size * part / work.Parts;
        shared = shared with { Size = shared.Size * (part + 1) / work.Parts - first };
        for (long number = 0; number < windows.Count; number++)
            if (windows.TryLocate(work.Indices, number, out var to, out var from))
                Combine(axes, work.Updates + from + first * shared.Other, work.Result + to + first * shared.Operand);
    }

    private static void Combine(ReadOnlySpan<IndexedWindows.Axis> axes, T* update, T* target)
    {
        var axis = axes[0];
        if (axes.Length > 1)
        {
            for (long i = 0; i < axis.Size; i++) Combine(axes[1..], update + i * axis.Other, target + i * axis.Operand);
        }
        else
        {
            for (var i = axis.Size; i > 0; i--, update += axis.Other, target += axis.Operand) *target = TOp.Apply(*target, *update);
        }
    }

    private static int Longest(IndexedWindows.Axis[] axes)
    {
        var longest = 0;
        for (var i = 1; i < axes.Length; i++)
            if (axes[i].Size > axes[longest].Size)
                longest = i;
        return longest;
    }

    private struct Work
    {
        public ScatterStep<TOp, T> Step;
        public byte* Indices;
        public T* Updates, Result;
        public int Parts;
    }
}
