using System.Runtime.CompilerServices;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>Copies windows of the operand, one per index vector. <typeparamref name="T"/> only says the element size.</summary>
internal sealed unsafe class GatherStep<T>(IndexedWindows windows, T fill, StepMemory memory) : Step where T : unmanaged
{
    private const long ParallelCount = 1 << 14;

    private readonly IndexedWindows windows = windows;
    private readonly T fill = fill;
    private readonly Location operand = memory.Inputs[0];
    private readonly Location indices = memory.Inputs[1];
    private readonly Location result = memory.Outputs[0];

    public override void Run(Frame frame)
    {
        // The work stays on this stack until all parts are done, so its address may be passed around although it refers to an object.
        var work = new Work { Step = this, Operand = (T*)frame[operand], Indices = frame[indices], Result = (T*)frame[result], Parts = 1 };
        if (windows.Count * windows.WindowCount >= ParallelCount) work.Parts = (int)Math.Min(windows.Count, 4 * frame.Workers.Degree);
        frame.Workers.Run(work.Parts, &RunPart, Unsafe.AsPointer(ref work));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunPart(void* state, int part)
    {
        ref var work = ref Unsafe.AsRef<Work>(state);
        var (windows, fill) = (work.Step.windows, work.Step.fill);
        var end = windows.Count * (part + 1) / work.Parts;
        for (var number = windows.Count * part / work.Parts; number < end; number++)
        {
            var isInside = windows.TryLocate(work.Indices, number, out var from, out var to);
            Copy(windows.Axes, isInside ? work.Operand + from : null, work.Result + to, fill);
        }
    }

    private static void Copy(ReadOnlySpan<IndexedWindows.Axis> axes, T* source, T* target, T fill)
    {
        var axis = axes[0];
        if (axes.Length > 1)
        {
            for (long i = 0; i < axis.Size; i++) Copy(axes[1..], source is null ? null : source + i * axis.Operand, target + i * axis.Other, fill);
        }
        else if (source is null)
        {
            for (long i = 0; i < axis.Size; i++) target[i * axis.Other] = fill;
        }
        else if (axis is { Operand: 1, Other: 1 }) Buffer.MemoryCopy(source, target, axis.Size * sizeof(T), axis.Size * sizeof(T));
        else
        {
            for (long i = 0; i < axis.Size; i++) target[i * axis.Other] = source[i * axis.Operand];
        }
    }

    private struct Work
    {
        public GatherStep<T> Step;
        public T* Operand, Result;
        public byte* Indices;
        public int Parts;
    }
}
