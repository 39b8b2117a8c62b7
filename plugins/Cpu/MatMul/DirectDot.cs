using System.Numerics;
using System.Runtime.CompilerServices;
using BrainState.Cpu.Threading;

namespace BrainState.Cpu.MatMul;

/// <summary>
/// A product too small to be worth packing, or one of a matrix and a vector, in which every element is used once: the operands are
/// read where they lie. One of them must have its vectors in a row, across the columns of the result or along k.
/// </summary>
internal sealed unsafe class DirectDot<T> : IDotAlgorithm
    where T : unmanaged, INumberBase<T>
{
    // Beyond these sizes packing wins (measured).
    private const long MostWorkAcross = 1 << 13, MostSumsAlong = 32;

    // The columns that one thread computes at a time, and the multiplications below which a second thread does not pay.
    private const long ChunkColumns = 256, WorthSharing = 1 << 18;

    private readonly DotShape shape;
    private readonly long m, n, k, leftRow, leftDepth, rightDepth, rightColumn, chunks;
    private readonly bool alongDepth, shared;

    private DirectDot(DotShape shape)
    {
        this.shape = shape;
        (m, n, k) = (shape.M, shape.N, shape.K);
        (leftRow, leftDepth) = (shape.Left.Free.Stride, shape.Left.Depth.Stride);
        (rightDepth, rightColumn) = (shape.Right.Depth.Stride, shape.Right.Free.Stride);
        alongDepth = RunsAlong(shape) && (k > n || !RunsAcross(shape));
        shared = shape.Batch * m * n * k >= WorthSharing;
        chunks = Regions.Divide(n, ChunkColumns);
    }

    /// <inheritdoc/>
    public long ScratchBytes => 0;

    /// <inheritdoc/>
    public bool Swapped => shape.Swapped;

    /// <inheritdoc/>
    public long PackedBytes => 0;

    /// <inheritdoc/>
    public void Pack(byte* right, byte* packed) { }

    /// <summary>This algorithm for <paramref name="shape"/>, or null if another one is faster.</summary>
    public static DirectDot<T>? TryPrepare(DotShape shape)
    {
        // A single column is stored like a single row, and rows are what is computed here.
        if (shape.N == 1) shape = shape.Swap();
        foreach (var axes in (ReadOnlySpan<Axes>)[shape.Left.Free, shape.Left.Depth, shape.Right.Free, shape.Right.Depth])
            if (!axes.IsUniform)
                return null;
        if (shape.M == 1) return RunsAcross(shape) || RunsAlong(shape) ? new(shape) : null;
        return RunsAcross(shape) && shape.M * shape.N * shape.K <= MostWorkAcross ? new(shape)
            : RunsAlong(shape) && shape.M * shape.N <= MostSumsAlong ? new(shape)
            : null;
    }

    /// <inheritdoc/>
    public void Run(byte* left, byte* right, byte* packed, byte* result, byte* scratch, WorkerPool pool)
    {
        T* a = (T*)left, b = (T*)right;
        if (!shared)
        {
            for (long batch = 0; batch < shape.Batch; batch++)
            {
                T* from = a + shape.Left.Batch.Offset(batch), with = b + shape.Right.Batch.Offset(batch), to = (T*)result + batch * m * n;
                for (long i = 0; i < m; i++) Row(from + i * leftRow, with, to + i * n, n);
            }

            return;
        }

        // The job stays on this stack until all parts are done, so its address may be passed around although it refers to an object.
        var job = new Job { Dot = this, Left = a, Right = b, Result = (T*)result, Parts = pool.Degree };
        pool.Run(job.Parts, &RunPart, Unsafe.AsPointer(ref job));
    }

    private static void RunPart(void* state, int part)
    {
        ref var job = ref Unsafe.AsRef<Job>(state);
        var (dot, shape) = (job.Dot, job.Dot.shape);
        var units = shape.Batch * dot.m * dot.chunks;
        for (var unit = units * part / job.Parts; unit < units * (part + 1) / job.Parts; unit++)
        {
            var (rest, chunk) = Math.DivRem(unit, dot.chunks);
            var (batch, i) = Math.DivRem(rest, dot.m);
            long first = chunk * ChunkColumns, columns = Math.Min(ChunkColumns, dot.n - first);
            dot.Row(
                job.Left + shape.Left.Batch.Offset(batch) + i * dot.leftRow,
                job.Right + shape.Right.Batch.Offset(batch) + first * dot.rightColumn,
                job.Result + rest * dot.n + first,
                columns);
        }
    }

    private static bool RunsAcross(DotShape shape) => shape.Right.Free.Stride == 1;

    private static bool RunsAlong(DotShape shape) => shape.Left.Depth.Stride == 1 && shape.Right.Depth.Stride == 1;

    /// <summary>Columns from one on, of one row of the result.</summary>
    private void Row(T* a, T* b, T* c, long columns)
    {
        if (!alongDepth) DirectKernel<T>.Across(k, a, leftDepth, b, rightDepth, c, columns);
        else
            for (long j = 0; j < columns; j++)
                c[j] = DirectKernel<T>.Along(k, a, b + j * rightColumn);
    }

    private struct Job
    {
        public DirectDot<T> Dot;
        public T* Left, Right, Result;
        public int Parts;
    }
}
