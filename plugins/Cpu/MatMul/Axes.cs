namespace BrainState.Cpu.MatMul;

/// <summary>Several axes of one operand read as a single one: a number of positions, and where in memory each lies.</summary>
/// <remarks>Neighbours that lie behind each other in memory are merged and axes of size 1 dropped, so nearly always one is left.</remarks>
internal sealed class Axes
{
    private readonly long[] outerSizes, outerStrides;

    private Axes(long count, long run, long stride, long[] outerSizes, long[] outerStrides)
    {
        (Count, Run, Stride) = (count, run, stride);
        (this.outerSizes, this.outerStrides) = (outerSizes, outerStrides);
    }

    /// <summary>The positions.</summary>
    public long Count { get; }

    /// <summary>The size of the innermost axis: positions from one multiple of it to the next are equally spaced.</summary>
    public long Run { get; }

    /// <summary>The elements from one position to the next in a run; 1 if there is only one position.</summary>
    public long Stride { get; }

    /// <summary>Whether all positions are equally spaced.</summary>
    public bool IsUniform => outerSizes.Length == 0;

    /// <summary>The axes <paramref name="axes"/> of a tensor, the last one innermost.</summary>
    public static Axes Of(Shape shape, ReadOnlySpan<long> strides, ReadOnlySpan<int> axes)
    {
        Span<(long Size, long Stride)> chosen = stackalloc (long, long)[axes.Length];
        for (var i = 0; i < chosen.Length; i++) chosen[i] = (shape[axes[i]], strides[axes[i]]);
        return Of(chosen);
    }

    /// <summary>Axes of the given sizes and elements between neighbours, the last one innermost. Positions may share elements.</summary>
    public static Axes Of(params ReadOnlySpan<(long Size, long Stride)> axes)
    {
        Span<long> sizes = stackalloc long[axes.Length], steps = stackalloc long[axes.Length];
        var last = -1;
        long count = 1;
        for (var i = axes.Length - 1; i >= 0; i--)
        {
            var (size, stride) = axes[i];
            count *= size;
            if (size == 1) continue;
            if (last >= 0 && steps[last] * sizes[last] == stride) sizes[last] *= size;
            else (sizes[++last], steps[last]) = (size, stride);
        }

        return last < 0 ? new(count, 1, 1, [], []) : new(count, sizes[0], steps[0], sizes[1..(last + 1)].ToArray(), steps[1..(last + 1)].ToArray());
    }

    /// <summary>The elements from the start of the operand to the position <paramref name="index"/>.</summary>
    public long Offset(long index)
    {
        if (outerSizes.Length == 0) return index * Stride;
        var (rest, within) = Math.DivRem(index, Run);
        var offset = within * Stride;
        for (var i = 0; i < outerSizes.Length; i++)
        {
            (rest, within) = Math.DivRem(rest, outerSizes[i]);
            offset += within * outerStrides[i];
        }

        return offset;
    }
}
