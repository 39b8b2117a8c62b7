using System.Runtime.CompilerServices;
using BrainState.Cpu.Kernels;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>Running combinations along the middle of three axes.</summary>
internal sealed unsafe class CumulativeStep<TOp, T>(ReduceShape shape, bool isReverse, StepMemory memory) : Step
    where TOp : struct, IScalarBinaryOp<T> where T : unmanaged
{
    private const long ParallelCount = 1 << 14, ChunkColumns = 512;

    private readonly Location source = memory.Inputs[0];
    private readonly Location target = memory.Outputs[0];

    public override void Run(Frame frame)
    {
        var work = new Work { Source = (T*)frame[source], Target = (T*)frame[target], Shape = shape, IsReverse = isReverse, Parts = 1 };
        work.Chunks = (shape.Columns + ChunkColumns - 1) / ChunkColumns;
        var units = shape.Outer * work.Chunks;
        if (units * shape.Rows * Math.Min(shape.Columns, ChunkColumns) >= ParallelCount) work.Parts = (int)Math.Min(units, 4 * frame.Workers.Degree);
        frame.Workers.Run(work.Parts, &RunPart, &work);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunPart(void* state, int part)
    {
        var work = (Work*)state;
        var (outer, rows, columns) = work->Shape;
        var units = outer * work->Chunks;
        var (first, step) = work->IsReverse ? ((rows - 1) * columns, -columns) : (0, columns);
        var end = units * (part + 1) / work->Parts;
        for (var unit = units * part / work->Parts; unit < end; unit++)
        {
            var (block, chunk) = Math.DivRem(unit, work->Chunks);
            var offset = block * rows * columns + chunk * ChunkColumns + first;
            var width = Math.Min(ChunkColumns, columns - chunk * ChunkColumns);
            if (columns == 1) Line(work->Source + offset, work->Target + offset, rows, (nint)step);
            else Lines(work->Source + offset, work->Target + offset, rows, (nint)step, (nint)width);
        }
    }

    private static void Line(T* x, T* result, long rows, nint step)
    {
        var total = *result = *x;
        for (var row = rows - 1; row > 0; row--)
        {
            x += step;
            result += step;
            *result = total = TOp.Apply(total, *x);
        }
    }

    private static void Lines(T* x, T* result, long rows, nint step, nint width)
    {
        for (nint i = 0; i < width; i++) result[i] = x[i];
        for (var row = rows - 1; row > 0; row--)
        {
            var before = result;
            x += step;
            result += step;
            for (nint i = 0; i < width; i++) result[i] = TOp.Apply(before[i], x[i]);
        }
    }

    private struct Work
    {
        public T* Source, Target;
        public ReduceShape Shape;
        public bool IsReverse;
        public long Chunks;
        public int Parts;
    }
}
