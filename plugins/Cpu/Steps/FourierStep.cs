using System.Numerics;
using System.Runtime.CompilerServices;
using BrainState.Cpu.Fourier;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Numerics;
using BrainState.Cpu.Planning;
using BrainState.Ops;

namespace BrainState.Cpu.Steps;

/// <summary>Transforms along the middle of three axes, whose rows are those of the signal in time.</summary>
internal sealed unsafe class FourierStep<T>(FftType type, ReduceShape shape, StepMemory memory) : Step where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const long ParallelCount = 1 << 13;
    private const int MaxParts = 16;

    private readonly FftType type = type;
    private readonly ReduceShape shape = shape;
    private readonly FourierPlan<T> plan = new((int)shape.Rows);
    private readonly Location source = memory.Inputs[0];
    private readonly Location target = memory.Outputs[0];
    private readonly Location scratch = memory.Scratch;

    /// <summary>The scratch memory for all threads: what the longest way of transforming needs.</summary>
    public static long ScratchBytes(ReduceShape shape) =>
        Parts(shape) * PartBytes(shape);

    private static long PartBytes(ReduceShape shape) => 2 * (long)BitOperations.RoundUpToPowerOf2((uint)(2 * shape.Rows)) * sizeof(Complex<T>);

    private static int Parts(ReduceShape shape) =>
        shape.Outer * shape.Rows * shape.Columns < ParallelCount ? 1 : (int)Math.Min(MaxParts, shape.Outer * shape.Columns);

    public override void Run(Frame frame)
    {
        // The work stays on this stack until all parts are done, so its address may be passed around although it refers to an object.
        var work = new Work { Step = this, Source = frame[source], Target = frame[target], Scratch = frame[scratch], Parts = Parts(shape) };
        frame.Workers.Run(work.Parts, &RunPart, Unsafe.AsPointer(ref work));
    }

    private static void RunPart(void* state, int part)
    {
        ref var work = ref Unsafe.AsRef<Work>(state);
        var step = work.Step;
        var buffer = (Complex<T>*)(work.Scratch + part * PartBytes(step.shape));
        var lines = step.shape.Outer * step.shape.Columns;
        var end = lines * (part + 1) / work.Parts;
        for (var line = lines * part / work.Parts; line < end; line++)
        {
            var (outer, column) = Math.DivRem(line, step.shape.Columns);
            step.Load(work.Source, outer, column, buffer);
            step.Store(step.plan.Run(buffer), work.Target, outer, column);
        }
    }

    private bool IsInverse => type is FftType.IFft or FftType.IRFft;

    private long Half => shape.Rows / 2 + 1;

    /// <summary>The signal, conjugated for an inverse transform; a half spectrum is completed, the conjugate of which is its mirror image.</summary>
    private void Load(byte* source, long outer, long column, Complex<T>* buffer)
    {
        var (rows, columns) = (shape.Rows, shape.Columns);
        if (type == FftType.RFft)
        {
            var x = (T*)source + outer * rows * columns + column;
            for (long i = 0; i < rows; i++) buffer[i] = new(x[i * columns], T.Zero);
            return;
        }
        var z = (Complex<T>*)source + outer * (type == FftType.IRFft ? Half : rows) * columns + column;
        if (type == FftType.IRFft)
        {
            for (long i = 0; i < Half; i++) buffer[i] = z[i * columns].Conjugate();
            for (var i = Half; i < rows; i++) buffer[i] = z[(rows - i) * columns];
            // These have no imaginary part if the signal is real.
            buffer[0] = new(buffer[0].Real, T.Zero);
            if (rows % 2 == 0) buffer[rows / 2] = new(buffer[rows / 2].Real, T.Zero);
        }
        else if (type == FftType.IFft)
        {
            for (long i = 0; i < rows; i++) buffer[i] = z[i * columns].Conjugate();
        }
        else
        {
            for (long i = 0; i < rows; i++) buffer[i] = z[i * columns];
        }
    }

    private void Store(Complex<T>* result, byte* target, long outer, long column)
    {
        var (rows, columns) = (shape.Rows, shape.Columns);
        var scale = IsInverse ? T.One / T.CreateTruncating(rows) : T.One;
        if (type == FftType.IRFft)
        {
            var x = (T*)target + outer * rows * columns + column;
            for (long i = 0; i < rows; i++) x[i * columns] = result[i].Real * scale;
            return;
        }
        var count = type == FftType.RFft ? Half : rows;
        var z = (Complex<T>*)target + outer * count * columns + column;
        for (long i = 0; i < count; i++) z[i * columns] = IsInverse ? result[i].Conjugate() * scale : result[i];
    }

    private struct Work
    {
        public FourierStep<T> Step;
        public byte* Source, Target, Scratch;
        public int Parts;
    }
}
