using System.Numerics;
using System.Runtime.CompilerServices;
using BrainState.Cpu.Threading;

namespace BrainState.Cpu.MatMul;

/// <summary>A large product: blocks of the operands are packed to fit the caches and multiplied by the micro-kernel.</summary>
/// <remarks>
/// The scheme of Goto and van de Geijn: a block of the left operand stays in the second cache, one panel of the right operand at a time
/// in the first, and a tile of the result in registers. A panel of the right operand is packed right before it is used.
/// </remarks>
internal sealed unsafe class PackedDot<T, TVector, TSimd> : IDotAlgorithm
    where T : unmanaged, INumberBase<T>
    where TSimd : ISimd<T, TVector>
{
    // The left block is to take half of a second cache of 512 KiB, the right panel two thirds of a first one of 48 KiB.
    private const long MostDepth = 256, LeftBytes = 256 << 10;
    private const int CacheLine = 64;

    // Where rows of the left operand lie side by side, the panels share its cache lines: so many of them are still there when the next panel is packed.
    private const long SharedDepth = 32;

    private static readonly int Width = 2 * TSimd.Lanes;

    private readonly DotShape shape;
    private readonly delegate*<DotOperand, byte*, long, int, int, long, long, T*, void> pack;
    private readonly delegate*<T*, long, long, long, byte*, long, long, void> store;
    private readonly int operandSize, resultSize, tallest, threads;
    private readonly long depthBlocks, leftDepth, leftBytes, panelBytes, sumsBytes;
    private readonly Regions regions;

    // Whether the sums are formed in the result itself: it has elements of their type, and rows that lie in a row.
    private readonly bool inPlace;

    /// <summary>Prepares a product; there must be something to sum.</summary>
    /// <param name="shape">The product.</param>
    /// <param name="formats">How operands and result are stored.</param>
    /// <param name="tallest">The most rows of a tile that the registers hold.</param>
    public PackedDot(DotShape shape, DotFormats<T> formats, int tallest)
    {
        // A tile can have any number of rows but is always two vectors wide, so the longer side should be the one that runs across.
        var swapped = shape.Swap();
        this.shape = shape = Waste(swapped) < 0.9 * Waste(shape) ? swapped : shape;
        (operandSize, resultSize) = (formats.OperandSize, formats.ResultSize);
        pack = formats.Pack;
        store = formats.Store;
        this.tallest = tallest;
        depthBlocks = Regions.Divide(shape.K, MostDepth);
        var depth = (Regions.Divide(shape.K, depthBlocks) + 1) & ~1;
        leftDepth = shape.Left.Free.Stride == 1 ? SharedDepth : MostDepth;
        threads = Math.Min(Environment.ProcessorCount, 64);
        regions = Regions.Choose(shape, Width, TSimd.Lanes, LeftBytes / sizeof(T) / depth / tallest * tallest, threads);
        threads = (int)Math.Min(threads, shape.Batch * regions.Down * regions.Across);
        leftBytes = Align(regions.Rows * depth * sizeof(T));
        panelBytes = Align(depth * Width * sizeof(T));
        inPlace = formats.IsSumStored && !shape.Swapped;
        sumsBytes = Align((inPlace ? tallest * Width : regions.Rows * regions.Columns) * sizeof(T));

        static double Waste(DotShape s) => (double)s.M * Regions.Divide(s.N, Width) * Width;
        static long Align(long bytes) => (bytes + CacheLine - 1) & -CacheLine;
    }

    /// <inheritdoc/>
    public long ScratchBytes => threads * (leftBytes + panelBytes + sumsBytes);

    /// <inheritdoc/>
    public bool Swapped => shape.Swapped;

    /// <inheritdoc/>
    public long PackedBytes => shape.Batch == 1 ? Cut(depthBlocks, even: true) * Panels * Width * sizeof(T) : 0;

    private long Panels => Regions.Divide(shape.N, Width);

    /// <inheritdoc/>
    public void Pack(byte* right, byte* packed)
    {
        for (long part = 0; part < depthBlocks; part++)
            for (long j = 0; j < shape.N; j += Width)
                pack(shape.Right, right, j, (int)Math.Min(Width, shape.N - j), Width, Cut(part), Cut(part + 1) - Cut(part), Panel((T*)packed, part, j));
    }

    /// <summary>Where the panel from column <paramref name="j"/> on is in the packed right operand.</summary>
    private T* Panel(T* packed, long part, long j) => packed + Cut(part) * Panels * Width + j * (Cut(part + 1, even: true) - Cut(part));

    /// <summary>Where a block of k starts. Blocks are even, and the last one is packed as if it were.</summary>
    private long Cut(long part, bool even = false) => part == depthBlocks ? even ? (shape.K + 1) & ~1 : shape.K : (shape.K * part / depthBlocks + 1) & ~1;

    /// <inheritdoc/>
    public void Run(byte* left, byte* right, byte* packed, byte* result, byte* scratch, WorkerPool pool)
    {
        // The job stays on this stack until all parts are done, so its address may be passed around although it refers to an object.
        var job = new Job
        {
            Dot = this,
            Left = left,
            Right = right,
            Packed = (T*)packed,
            Result = result,
            Scratch = scratch,
        };
        pool.Run(Math.Min(threads, pool.Degree), &RunPart, Unsafe.AsPointer(ref job));
    }

    private static void RunPart(void* state, int part)
    {
        ref var job = ref Unsafe.AsRef<Job>(state);
        var dot = job.Dot;
        var across = dot.regions.Across;
        var scratch = job.Scratch + part * (dot.leftBytes + dot.panelBytes + dot.sumsBytes);
        var count = dot.shape.Batch * dot.regions.Down * across;
        while (true)
        {
            var index = Interlocked.Increment(ref job.Taken) - 1;
            if (index >= count) return;
            var (rest, column) = Math.DivRem(index, across);
            var (batch, row) = Math.DivRem(rest, dot.regions.Down);
            dot.RunRegion(in job, batch, row, column, scratch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRegion(in Job job, long batch, long row, long column, byte* scratch)
    {
        long m = shape.M, n = shape.N, across = Regions.Divide(n, Width);
        long top = m * row / regions.Down, bottom = m * (row + 1) / regions.Down, rows = bottom - top;
        long first = across * column / regions.Across * Width, last = Math.Min(n, across * (column + 1) / regions.Across * Width);
        var left = job.Left + shape.Left.Batch.Offset(batch) * operandSize;
        var right = job.Right + shape.Right.Batch.Offset(batch) * operandSize;
        var result = job.Result + batch * m * n * resultSize;
        T* block = (T*)scratch, panel = (T*)(scratch + leftBytes), sums = (T*)(scratch + leftBytes + panelBytes);
        var tiles = Regions.Divide(rows, tallest);
        var stride = inPlace ? n : regions.Columns;
        var target = inPlace ? (T*)result + top * n : sums - first;
        var kernels = MicroKernels<T, TVector, TSimd>.ByHeight;

        for (long part = 0; part < depthBlocks; part++)
        {
            long start = Cut(part), depth = Cut(part + 1) - start, even = (depth + 1) & ~1;
            for (long done = 0, next; done < depth; done = next)
            {
                next = Math.Min(depth, done + leftDepth);
                for (long tile = 0; tile < tiles; tile++)
                {
                    long from = rows * tile / tiles, to = rows * (tile + 1) / tiles;
                    pack(shape.Left, left, top + from, (int)(to - from), (int)(to - from), start + done, next - done, block + from * even + done * (to - from));
                }
            }

            for (var j = first; j < last; j += Width)
            {
                var width = (int)Math.Min(Width, n - j);
                var b = job.Packed is null ? panel : Panel(job.Packed, part, j);
                if (job.Packed is null) pack(shape.Right, right, j, width, Width, start, depth, b);
                for (long tile = 0; tile < tiles; tile++)
                {
                    long from = rows * tile / tiles, to = rows * (tile + 1) / tiles;
                    var c = target + from * stride + j;
                    if (width == Width || !inPlace) kernels[to - from]((nint)even, block + from * even, b, c, (nint)stride, part > 0);
                    else
                    {
                        kernels[to - from]((nint)even, block + from * even, b, sums, Width, false);
                        AddEdge(sums, to - from, width, c, stride, part > 0);
                    }
                }
            }
        }

        if (inPlace) return;
        var (rowStride, columnStride) = shape.Swapped ? (1L, m) : (n, 1L);
        store(sums, stride, rows, last - first, result + (top * rowStride + first * columnStride) * resultSize, rowStride, columnStride);    }

    /// <summary>The last columns of the result, fewer than a tile has: the tile is computed aside.</summary>
    private static void AddEdge(T* tile, long rows, int columns, T* c, long stride, bool add)
    {
        for (; rows > 0; rows--, tile += Width, c += stride)
            for (var j = 0; j < columns; j++)
                c[j] = add ? c[j] + tile[j] : tile[j];
    }

    private struct Job
    {
        public PackedDot<T, TVector, TSimd> Dot;
        public byte* Left, Right, Result, Scratch;
        public T* Packed;
        public long Taken;
    }
}
