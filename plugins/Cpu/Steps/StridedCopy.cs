using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;
using BrainState.Cpu.Threading;

namespace BrainState.Cpu.Steps;

/// <summary>
/// Copies elements between two strided layouts. Axes are ordered by the destination; when the source is consecutive along another axis than
/// the destination, the two are gone through in square blocks, so that both sides use whole cache lines.
/// </summary>
internal sealed unsafe class StridedCopy
{
    private const int BlockSize = 32;
    private const long ParallelBytes = 1 << 18;

    private readonly Layout* layout;
    private readonly bool isParallel;

    /// <summary>A copy of <paramref name="sizes"/> elements; strides are in elements.</summary>
    public StridedCopy(PlanData data, int elementSize, ReadOnlySpan<long> sizes, ReadOnlySpan<long> sourceStrides, ReadOnlySpan<long> targetStrides)
    {
        var axes = Merge(sizes, sourceStrides, targetStrides);
        if (axes.Count == 0) axes.Add(new(1, 1, 1));
        layout = data.Allocate<Layout>(1);
        layout->Rank = axes.Count;
        layout->ElementSize = elementSize;
        long count = 1;
        foreach (var axis in axes) count *= axis.Size;

        // With a consecutive source axis elsewhere, that axis and the innermost one make the blocks.
        var consecutive = axes.FindIndex(static a => a.Source == 1);
        if (axes[^1].Source != 1 && consecutive >= 0)
        {
            var axis = axes[consecutive];
            axes.RemoveAt(consecutive);
            axes.Insert(axes.Count - 1, axis);
            layout->IsBlocked = true;
        }
        layout->Axes = data.Copy<Axis>(CollectionsMarshal.AsSpan(axes));
        isParallel = count * elementSize >= ParallelBytes && axes.Count > 1;
    }

    /// <summary>Copies.</summary>
    public void Run(byte* source, byte* target, WorkerPool workers)
    {
        var work = new Work { Layout = layout, Source = source, Target = target, Parts = 1 };
        if (isParallel && workers.Degree > 1) work.Parts = (int)Math.Min(layout->Axes[0].Size, 4 * workers.Degree);
        workers.Run(work.Parts, &RunPart, &work);
    }

    private static List<Axis> Merge(ReadOnlySpan<long> sizes, ReadOnlySpan<long> sourceStrides, ReadOnlySpan<long> targetStrides)
    {
        var axes = new List<Axis>();
        for (var i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] == 1) continue;
            var axis = new Axis(sizes[i], sourceStrides[i], targetStrides[i]);
            if (axes.Count > 0 && axes[^1].Source == axis.Size * axis.Source && axes[^1].Target == axis.Size * axis.Target)
                axes[^1] = axis with { Size = axis.Size * axes[^1].Size };
            else axes.Add(axis);
        }
        return axes;
    }

    private static void RunPart(void* state, int part)
    {
        var work = (Work*)state;
        var outer = work->Layout->Axes[0];
        var (first, end) = (outer.Size * part / work->Parts, outer.Size * (part + 1) / work->Parts);
        switch (work->Layout->ElementSize)
        {
            case 1: Share<byte>(work, first, end); break;
            case 2: Share<ushort>(work, first, end); break;
            case 4: Share<uint>(work, first, end); break;
            case 8: Share<ulong>(work, first, end); break;
            default: Share<UInt128>(work, first, end); break;
        }
    }

    private static void Share<T>(Work* work, long first, long end) where T : unmanaged
    {
        var outer = work->Layout->Axes[0];
        Walk(work->Layout, 0, end - first, (T*)work->Source + first * outer.Source, (T*)work->Target + first * outer.Target);
    }

    private static void Walk<T>(Layout* layout, int axis, long size, T* source, T* target) where T : unmanaged
    {
        var current = layout->Axes[axis];
        var left = layout->Rank - axis;
        if (left == 1) Line(current with { Size = size }, source, target);
        else if (left == 2 && layout->IsBlocked) Blocks(current with { Size = size }, layout->Axes[axis + 1], source, target);
        else
        {
            for (long i = 0; i < size; i++, source += current.Source, target += current.Target)
                Walk(layout, axis + 1, layout->Axes[axis + 1].Size, source, target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Line<T>(Axis axis, T* source, T* target) where T : unmanaged
    {
        if (axis is { Source: 1, Target: 1 })
        {
            Buffer.MemoryCopy(source, target, axis.Size * sizeof(T), axis.Size * sizeof(T));
            return;
        }
        var (sourceStride, targetStride) = ((nint)axis.Source, (nint)axis.Target);
        for (var i = axis.Size; i > 0; i--, source += sourceStride, target += targetStride) *target = *source;
    }

    /// <summary>The source is consecutive along the rows, the target along the columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks<T>(Axis rows, Axis columns, T* source, T* target) where T : unmanaged
    {
        for (long row = 0; row < rows.Size; row += BlockSize)
            for (long column = 0; column < columns.Size; column += BlockSize)
            {
                var (height, width) = ((int)Math.Min(BlockSize, rows.Size - row), (int)Math.Min(BlockSize, columns.Size - column));
                for (var i = 0; i < height; i++)
                {
                    var from = source + (row + i) * rows.Source + column * columns.Source;
                    var to = target + (row + i) * rows.Target + column * columns.Target;
                    for (var j = 0; j < width; j++, from += columns.Source, to += columns.Target) *to = *from;
                }
            }
    }

    /// <summary>An axis and the distances, in elements, between neighbours along it.</summary>
    private readonly record struct Axis(long Size, long Source, long Target);

    private struct Layout
    {
        public int Rank;
        public int ElementSize;
        public bool IsBlocked;
        public Axis* Axes;
    }

    private struct Work
    {
        public Layout* Layout;
        public byte* Source, Target;
        public int Parts;
    }
}

/// <summary>Brings a view into consecutive memory.</summary>
internal sealed unsafe class CopyStep(StridedCopy copy, Location source, Location target) : Step
{
    /// <summary>The step for a view whose source is the only operand.</summary>
    public static CopyStep Relayout(View view, int elementSize, StepMemory memory)
    {
        var source = memory.Inputs[0];
        var target = Shape.Create(Array.ConvertAll(view.Sizes, static size => (int)size)).RowMajorStrides();
        return new(new(memory.Data, elementSize, view.Sizes, view.Strides, target), source with { Offset = source.Offset + view.ByteOffset }, memory.Outputs[0]);
    }

    public override void Run(Frame frame) => copy.Run(frame[source], frame[target], frame.Workers);
}
