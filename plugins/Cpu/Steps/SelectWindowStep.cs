using System.Numerics;
using System.Runtime.CompilerServices;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;
using BrainState.Ops;

namespace BrainState.Cpu.Steps;

/// <summary>
/// Each window selects the largest or smallest element of x, the first of equals and the first NaN before all. Either the element of other values
/// at that place is the window's result, or the window's value is added to the result there.
/// </summary>
internal abstract unsafe class SelectWindowStep : Step
{
    public static SelectWindowStep Make(DType dtype, WindowGeometry geometry, bool largest, bool scatters, StepMemory memory) => dtype switch
    {
        DType.Int8 => new SelectWindowStep<sbyte>(geometry, largest, scatters, memory),
        DType.Int16 => new SelectWindowStep<short>(geometry, largest, scatters, memory),
        DType.Int32 => new SelectWindowStep<int>(geometry, largest, scatters, memory),
        DType.Int64 => new SelectWindowStep<long>(geometry, largest, scatters, memory),
        DType.UInt8 => new SelectWindowStep<byte>(geometry, largest, scatters, memory),
        DType.UInt16 => new SelectWindowStep<ushort>(geometry, largest, scatters, memory),
        DType.UInt32 => new SelectWindowStep<uint>(geometry, largest, scatters, memory),
        DType.UInt64 => new SelectWindowStep<ulong>(geometry, largest, scatters, memory),
        DType.Float32 => new SelectWindowStep<float>(geometry, largest, scatters, memory),
        _ => new SelectWindowStep<double>(geometry, largest, scatters, memory),
    };
}

/// <summary>A window over all axes of a tensor, with what does not depend on its position.</summary>
internal sealed class WindowGeometry
{
    public WindowGeometry(Window window, Shape shape)
    {
        Window = window;
        (Sizes, Counts, Strides) = (Steps.Sizes.Of(shape), window.CountsOver(shape), shape.RowMajorStrides());
        Offsets = [0];
        for (var axis = 0; axis < Sizes.Length; axis++)
        {
            var step = window.WindowDilation[axis] * Strides[axis];
            Offsets = [.. Offsets.SelectMany(offset => Enumerable.Range(0, window.Dimensions[axis]).Select(k => offset + k * step))];
        }
        Shared = Enumerable.Range(0, Sizes.Length).FirstOrDefault(axis => Sizes[axis] > 1 && IsTrivial(axis), -1);
    }

    public Window Window { get; }

    /// <summary>Axis sizes and strides of the tensor, and the windows along each axis.</summary>
    public long[] Sizes { get; }

    public long[] Counts { get; }

    public long[] Strides { get; }

    /// <summary>The elements of a window in order, relative to the first, where the tensor is not dilated.</summary>
    public long[] Offsets { get; }

    /// <summary>An axis whose positions are independent of each other, or −1.</summary>
    public int Shared { get; }

    private bool IsTrivial(int axis) => Window.Dimensions[axis] == 1 && Window.Strides[axis] == 1 && Window.Padding[axis] == default && Window.BaseDilation[axis] == 1;
}

/// <inheritdoc cref="SelectWindowStep"/>
internal sealed unsafe class SelectWindowStep<T>(WindowGeometry geometry, bool largest, bool scatters, StepMemory memory) : SelectWindowStep
    where T : unmanaged, INumber<T>
{
    private const long ParallelCount = 1 << 13;

    private readonly WindowGeometry geometry = geometry;
    private readonly bool largest = largest, scatters = scatters;
    private readonly long count = Product(geometry.Sizes), windows = Product(geometry.Counts);
    private readonly Location values = memory.Inputs[0];
    private readonly Location operand = memory.Inputs[1];
    private readonly Location result = memory.Outputs[0];

    public override void Run(Frame frame)
    {
        var to = (T*)frame[result];
        if (scatters) new Span<byte>(to, checked((int)(count * sizeof(T)))).Clear();
        // The work stays on this stack until all parts are done, so its address may be passed around although it refers to an object.
        var work = new Work { Step = this, Values = (T*)frame[values], Operand = (T*)frame[operand], Result = to, Parts = 1 };
        if (geometry.Shared >= 0 && windows >= ParallelCount) work.Parts = (int)Math.Min(geometry.Sizes[geometry.Shared], 4 * frame.Workers.Degree);
        frame.Workers.Run(work.Parts, &RunPart, Unsafe.AsPointer(ref work));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunPart(void* state, int part)
    {
        ref var work = ref Unsafe.AsRef<Work>(state);
        var (step, geometry) = (work.Step, work.Step.geometry);
        var rank = geometry.Sizes.Length;
        var index = stackalloc long[3 * rank + 1];
        long* first = index + rank, end = first + rank;
        long total = 1;
        for (var axis = 0; axis < rank; axis++)
        {
            (first[axis], end[axis]) = (0, geometry.Counts[axis]);
            if (axis == geometry.Shared) (first[axis], end[axis]) = (end[axis] * part / work.Parts, end[axis] * (part + 1) / work.Parts);
            index[axis] = first[axis];
            total *= end[axis] - first[axis];
        }

        for (; total > 0; total--)
        {
            var (window, origin, isInside) = (0L, 0L, true);
            for (var axis = 0; axis < rank; axis++)
            {
                window = window * geometry.Counts[axis] + index[axis];
                var start = index[axis] * geometry.Window.Strides[axis] - geometry.Window.Padding[axis].Low;
                origin += start * geometry.Strides[axis];
                isInside &= start >= 0 && geometry.Window.BaseDilation[axis] == 1
                    && start + (geometry.Window.Dimensions[axis] - 1L) * geometry.Window.WindowDilation[axis] < geometry.Sizes[axis];
            }
            var place = isInside ? step.SelectInside(work.Operand, origin) : step.Select(work.Operand, index);
            if (!step.scatters) work.Result[window] = place < 0 ? T.Zero : work.Values[place];
            else if (place >= 0) work.Result[place] += work.Values[window];
            for (var axis = rank - 1; axis >= 0 && ++index[axis] == end[axis]; axis--) index[axis] = first[axis];
        }
    }

    /// <summary>The position of the element that a window without padding selects.</summary>
    private long SelectInside(T* x, long origin)
    {
        var (best, chosen) = (origin, x[origin]);
        foreach (var offset in geometry.Offsets.AsSpan(1))
        {
            var candidate = x[origin + offset];
            if (IsBetter(candidate, chosen)) (best, chosen) = (origin + offset, candidate);
        }
        return best;
    }

    /// <summary>The position of the element that a window selects, or −1 over padding alone.</summary>
    private long Select(T* x, long* index)
    {
        long best = -1;
        var chosen = T.Zero;
        Visit(0, 0);
        return best;

        void Visit(int axis, long offset)
        {
            if (axis == geometry.Sizes.Length)
            {
                if (best < 0 || IsBetter(x[offset], chosen)) (best, chosen) = (offset, x[offset]);
                return;
            }
            var window = geometry.Window;
            var position = index[axis] * window.Strides[axis] - window.Padding[axis].Low;
            for (var k = 0; k < window.Dimensions[axis]; k++, position += window.WindowDilation[axis])
            {
                if (position < 0) continue;
                var (place, between) = window.BaseDilation[axis] == 1 ? (position, 0) : Math.DivRem(position, window.BaseDilation[axis]);
                if (place >= geometry.Sizes[axis]) break;
                if (between == 0) Visit(axis + 1, offset + place * geometry.Strides[axis]);
            }
        }
    }

    /// <summary>Nothing compares with a chosen NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsBetter(T candidate, T chosen) => (largest ? candidate > chosen : candidate < chosen) || (T.IsNaN(candidate) && !T.IsNaN(chosen));

    private static long Product(long[] sizes) => sizes.Aggregate(1L, static (product, size) => product * size);

    private struct Work
    {
        public SelectWindowStep<T> Step;
        public T* Values, Operand, Result;
        public int Parts;
    }
}
