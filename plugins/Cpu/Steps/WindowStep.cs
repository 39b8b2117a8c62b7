using System.Runtime.CompilerServices;
using BrainState.Cpu.Kernels;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>How a window slides along the middle axis of a tensor of three: see <see cref="Ops.Window"/>.</summary>
internal readonly record struct SlidingWindow(ReduceShape Shape, long Results, long Width, long Stride, long Low, long BaseDilation, long WindowDilation)
{
    /// <summary>The row under element k of the window of a result, or −1 where padding is.</summary>
    public long Row(long result, long k)
    {
        var (row, between) = Math.DivRem(result * Stride - Low + k * WindowDilation, BaseDilation);
        return between == 0 && row >= 0 && row < Shape.Rows ? row : -1;
    }

    /// <summary>The positions that windows cover, from the first window's first to the last window's last.</summary>
    public long Covered => (Results - 1) * Stride + (Width - 1) * WindowDilation + 1;
}

/// <summary>
/// Combines the rows under each window along one axis; the other axes of a window have steps of their own. Whole rows, or their chunks, are
/// combined at once. Of wide windows the rows are first combined to rows that stand for 2, 4, 8 … neighbours, of which each window needs one for
/// each bit of its width.
/// </summary>
internal sealed unsafe class WindowStep(SlidingWindow window, TileKernel accumulate, Scalar identity, int elementSize, StepMemory memory) : Step
{
    private const long NarrowWidth = 8, WideColumns = 16, LineBytes = 1 << 16, ParallelCount = 1 << 14;
    private const int MaxParts = 64;

    private readonly SlidingWindow window = window;
    private readonly TileKernel accumulate = accumulate;
    private readonly byte* identity = memory.Data.Copy(identity);
    private readonly int elementSize = elementSize;
    private readonly Location source = memory.Inputs[0];
    private readonly Location target = memory.Outputs[0];
    private readonly Location scratch = memory.Scratch;

    /// <summary>The scratch memory for all threads.</summary>
    public static long ScratchBytes(SlidingWindow window, int elementSize) => Parts(window, elementSize) * PartBytes(window, elementSize);

    public override void Run(Frame frame)
    {
        // The work stays on this stack until all parts are done, so its address may be passed around although it refers to an object.
        var work = new Work { Step = this, Source = frame[source], Target = frame[target], Scratch = frame[scratch], Parts = Parts(window, elementSize) };
        frame.Workers.Run(work.Parts, &RunPart, Unsafe.AsPointer(ref work));
    }

    private static bool IsDirect(SlidingWindow window) => window.Width <= NarrowWidth && window.Shape.Columns >= WideColumns;

    /// <summary>The columns of a unit: those of a line that stays in cache.</summary>
    private static long ChunkColumns(SlidingWindow window, int elementSize) =>
        Math.Clamp(LineBytes / (window.Covered * elementSize), 1, window.Shape.Columns);

    private static long PartBytes(SlidingWindow window, int elementSize) =>
        IsDirect(window) ? 0 : (2 * window.Covered * ChunkColumns(window, elementSize) * elementSize + 63) / 64 * 64;

    private static long Units(SlidingWindow window, int elementSize)
    {
        var columns = IsDirect(window) ? window.Shape.Columns : ChunkColumns(window, elementSize);
        return window.Shape.Outer * (IsDirect(window) ? window.Results : (window.Shape.Columns + columns - 1) / columns);
    }

    private static int Parts(SlidingWindow window, int elementSize) =>
        window.Shape.Outer * window.Results * window.Shape.Columns < ParallelCount ? 1 : (int)Math.Min(MaxParts, Units(window, elementSize));

    private static void RunPart(void* state, int part)
    {
        ref var work = ref Unsafe.AsRef<Work>(state);
        var step = work.Step;
        var units = Units(step.window, step.elementSize);
        var line = work.Scratch + part * PartBytes(step.window, step.elementSize);
        var end = units * (part + 1) / work.Parts;
        for (var unit = units * part / work.Parts; unit < end; unit++)
        {
            if (IsDirect(step.window)) step.Direct(work.Source, work.Target, unit);
            else step.Doubling(work.Source, work.Target, unit, line);
        }
    }

    /// <summary>One row of the result from the rows under its window.</summary>
    private void Direct(byte* source, byte* target, long unit)
    {
        var (outer, result) = Math.DivRem(unit, window.Results);
        var (columns, bytes) = (window.Shape.Columns, window.Shape.Columns * elementSize);
        var x = source + outer * window.Shape.Rows * bytes;
        var to = target + unit * bytes;
        var isEmpty = true;
        for (long k = 0; k < window.Width; k++)
        {
            var row = window.Row(result, k);
            if (row < 0) continue;
            if (isEmpty) Buffer.MemoryCopy(x + row * bytes, to, bytes, bytes);
            else Accumulate(to, x + row * bytes, columns);
            isEmpty = false;
        }
        if (isEmpty) Fill(to, columns);
    }

    /// <summary>All results of some columns.</summary>
    private void Doubling(byte* source, byte* target, long unit, byte* line)
    {
        var width = ChunkColumns(window, elementSize);
        var (outer, chunk) = Math.DivRem(unit, (window.Shape.Columns + width - 1) / width);
        var first = chunk * width;
        var columns = Math.Min(width, window.Shape.Columns - first);
        var (rowBytes, bytes) = (window.Shape.Columns * elementSize, columns * elementSize);
        source += (outer * window.Shape.Rows * window.Shape.Columns + first) * elementSize;
        target += (outer * window.Results * window.Shape.Columns + first) * elementSize;

        var covered = window.Covered;
        Fill(line, covered * columns);
        for (long row = 0; row < window.Shape.Rows; row++)
        {
            var position = row * window.BaseDilation + window.Low;
            if (position >= 0 && position < covered) Copy(source + row * rowBytes, line + position * bytes, bytes);
        }

        // The line's rows stand for more and more neighbours; the sums have those of the bits of the width so far.
        var sums = line + covered * bytes;
        var done = 0L;
        for (long neighbours = 1; ; neighbours *= 2)
        {
            if ((window.Width & neighbours) != 0)
            {
                var count = covered - done * window.WindowDilation;
                if (done == 0) Buffer.MemoryCopy(line, sums, count * bytes, count * bytes);
                else Accumulate(sums, line + done * window.WindowDilation * bytes, count * columns);
                done += neighbours;
            }
            if (done == window.Width) break;
            var left = covered - neighbours * window.WindowDilation;
            if (left > 0) Accumulate(line, line + neighbours * window.WindowDilation * bytes, left * columns);
        }
        for (long result = 0; result < window.Results; result++) Copy(sums + result * window.Stride * bytes, target + result * rowBytes, bytes);
    }

    private void Accumulate(byte* result, byte* x, long count)
    {
        var registers = stackalloc byte*[2];
        registers[0] = result;
        registers[1] = x;
        var instruction = new Instruction { Result = 0, A = 1 };
        accumulate(registers, &instruction, 0, (nint)count);
    }

    private void Fill(byte* target, long count)
    {
        for (long i = 0; i < count; i++) Copy(identity, target + i * elementSize, elementSize);
    }

    private static void Copy(byte* from, byte* to, long bytes)
    {
        if (bytes == 4) *(uint*)to = *(uint*)from;
        else Buffer.MemoryCopy(from, to, bytes, bytes);
    }

    private struct Work
    {
        public WindowStep Step;
        public byte* Source, Target, Scratch;
        public int Parts;
    }
}
