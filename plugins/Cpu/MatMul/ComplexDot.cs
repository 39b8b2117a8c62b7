using System.Numerics;
using System.Runtime.CompilerServices;
using BrainState.Cpu.Numerics;
using BrainState.Cpu.Threading;

namespace BrainState.Cpu.MatMul;

/// <summary>A product of complex operands, summed in complex128, one element after the other.</summary>
internal sealed unsafe class ComplexDot<T, TResult> : IDotAlgorithm
    where T : unmanaged, IBinaryFloatingPointIeee754<T> where TResult : unmanaged, IBinaryFloatingPointIeee754<TResult>
{
    private const long WorthSharing = 1 << 14;

    private readonly DotShape shape;
    private readonly long[] leftDepth, rightDepth, rightColumns;

    public ComplexDot(DotShape shape)
    {
        this.shape = shape;
        (leftDepth, rightDepth, rightColumns) = (Offsets(shape.Left.Depth), Offsets(shape.Right.Depth), Offsets(shape.Right.Free));
    }

    /// <inheritdoc/>
    public long ScratchBytes => 0;

    /// <inheritdoc/>
    public void Run(byte* left, byte* right, byte* result, byte* scratch, WorkerPool pool)
    {
        // The job stays on this stack until all parts are done, so its address may be passed around although it refers to an object.
        var job = new Job { Dot = this, Left = (Complex<T>*)left, Right = (Complex<T>*)right, Result = (Complex<TResult>*)result };
        var rows = shape.Batch * shape.M;
        job.Parts = rows * shape.N * shape.K >= WorthSharing ? (int)Math.Min(rows, 4 * pool.Degree) : 1;
        pool.Run(job.Parts, &RunPart, Unsafe.AsPointer(ref job));
    }

    private static void RunPart(void* state, int part)
    {
        ref var job = ref Unsafe.AsRef<Job>(state);
        var shape = job.Dot.shape;
        var rows = shape.Batch * shape.M;
        var end = rows * (part + 1) / job.Parts;
        for (var row = rows * part / job.Parts; row < end; row++)
        {
            var (batch, i) = Math.DivRem(row, shape.M);
            var left = job.Left + shape.Left.Batch.Offset(batch) + shape.Left.Free.Offset(i);
            job.Dot.Row(left, job.Right + shape.Right.Batch.Offset(batch), job.Result + row * shape.N);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Row(Complex<T>* left, Complex<T>* right, Complex<TResult>* result)
    {
        for (var j = 0; j < rightColumns.Length; j++)
        {
            var sum = Complex.Zero;
            for (var k = 0; k < leftDepth.Length; k++) sum += left[leftDepth[k]].Widen() * right[rightColumns[j] + rightDepth[k]].Widen();
            result[j] = Complex<TResult>.Round(sum);
        }
    }

    private static long[] Offsets(Axes axes)
    {
        var offsets = new long[axes.Count];
        for (var i = 0; i < offsets.Length; i++) offsets[i] = axes.Offset(i);
        return offsets;
    }

    private struct Job
    {
        public ComplexDot<T, TResult> Dot;
        public Complex<T>* Left, Right;
        public Complex<TResult>* Result;
        public int Parts;
    }
}
