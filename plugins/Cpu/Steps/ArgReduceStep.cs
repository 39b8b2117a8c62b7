using System.Runtime.CompilerServices;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>The position of the largest or smallest element along the middle of three axes; the first of equals, and the first NaN before all.</summary>
internal abstract unsafe class ArgReduceStep : Step
{
    /// <summary>The step for operands of <paramref name="dtype"/>.</summary>
    public static ArgReduceStep Make(bool isMax, DType dtype, DType indices, ReduceShape shape, StepMemory memory) => dtype switch
    {
        DType.Bool or DType.UInt8 => new ArgReduceStep<byte>(isMax, indices, shape, memory),
        DType.Int8 => new ArgReduceStep<sbyte>(isMax, indices, shape, memory),
        DType.Int16 => new ArgReduceStep<short>(isMax, indices, shape, memory),
        DType.Int32 => new ArgReduceStep<int>(isMax, indices, shape, memory),
        DType.Int64 => new ArgReduceStep<long>(isMax, indices, shape, memory),
        DType.UInt16 => new ArgReduceStep<ushort>(isMax, indices, shape, memory),
        DType.UInt32 => new ArgReduceStep<uint>(isMax, indices, shape, memory),
        DType.UInt64 => new ArgReduceStep<ulong>(isMax, indices, shape, memory),
        DType.Float16 => new ArgReduceStep<Half>(isMax, indices, shape, memory),
        DType.BFloat16 => new ArgReduceStep<BFloat16>(isMax, indices, shape, memory),
        DType.Float32 => new ArgReduceStep<float>(isMax, indices, shape, memory),
        _ => new ArgReduceStep<double>(isMax, indices, shape, memory),
    };
}

/// <inheritdoc cref="ArgReduceStep"/>
internal sealed unsafe class ArgReduceStep<T>(bool isMax, DType indices, ReduceShape shape, StepMemory memory) : ArgReduceStep
    where T : unmanaged, IComparable<T>
{
    private const long ParallelCount = 1 << 16;

    private readonly Location source = memory.Inputs[0];
    private readonly Location target = memory.Outputs[0];

    public override void Run(Frame frame)
    {
        var work = new Work
        {
            Source = (T*)frame[source],
            Target = frame[target],
            IsMax = isMax,
            Indices = indices,
            Shape = shape,
            Parts = 1,
        };
        var results = shape.Outer * shape.Columns;
        if (results * shape.Rows >= ParallelCount) work.Parts = (int)Math.Min(results, 4 * frame.Workers.Degree);
        frame.Workers.Run(work.Parts, &RunPart, &work);
    }

    private static void RunPart(void* state, int part)
    {
        var work = (Work*)state;
        var (_, rows, columns) = work->Shape;
        var results = work->Shape.Outer * columns;
        var end = results * (part + 1) / work->Parts;
        for (var result = results * part / work->Parts; result < end; result++)
        {
            var (outer, column) = Math.DivRem(result, columns);
            var first = work->Source + outer * rows * columns + column;
            var position = work->IsMax ? Largest(first, rows, columns) : Smallest(first, rows, columns);
            Put(work->Target, work->Indices, result, position);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Largest(T* x, long rows, long stride)
    {
        var (best, position) = (*x, 0L);
        for (long row = 1; row < rows && !IsNaN(best); row++)
        {
            var candidate = x[row * stride];
            if (Less(best, candidate) || IsNaN(candidate)) (best, position) = (candidate, row);
        }
        return position;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Smallest(T* x, long rows, long stride)
    {
        var (best, position) = (*x, 0L);
        for (long row = 1; row < rows && !IsNaN(best); row++)
        {
            var candidate = x[row * stride];
            if (Less(candidate, best) || IsNaN(candidate)) (best, position) = (candidate, row);
        }
        return position;
    }

    private static void Put(byte* target, DType indices, long index, long position)
    {
        switch (indices.Size)
        {
            case 1: target[index] = (byte)position; break;
            case 2: ((ushort*)target)[index] = (ushort)position; break;
            case 4: ((uint*)target)[index] = (uint)position; break;
            default: ((long*)target)[index] = position; break;
        }
    }

    /// <summary>IEEE comparison for floats: −0 is not below 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Less(T x, T y)
    {
        if (typeof(T) == typeof(float)) return (float)(object)x < (float)(object)y;
        if (typeof(T) == typeof(double)) return (double)(object)x < (double)(object)y;
        if (typeof(T) == typeof(Half)) return (Half)(object)x < (Half)(object)y;
        if (typeof(T) == typeof(BFloat16)) return (float)(BFloat16)(object)x < (float)(BFloat16)(object)y;
        return x.CompareTo(y) < 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNaN(T x) =>
        typeof(T) == typeof(float) ? float.IsNaN((float)(object)x)
        : typeof(T) == typeof(double) ? double.IsNaN((double)(object)x)
        : typeof(T) == typeof(Half) ? Half.IsNaN((Half)(object)x)
        : typeof(T) == typeof(BFloat16) && float.IsNaN((BFloat16)(object)x);

    private struct Work
    {
        public T* Source;
        public byte* Target;
        public bool IsMax;
        public DType Indices;
        public ReduceShape Shape;
        public int Parts;
    }
}
