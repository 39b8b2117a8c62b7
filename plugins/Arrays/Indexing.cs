namespace BrainState.Arrays;

/// <summary>Arrays that are put together from parts of others: each part is a view that is assigned to.</summary>
internal static class Indexing
{
    /// <summary>Elements at low, low + interior + 1, …; those that would lie outside are left out.</summary>
    public static NdArray Padded<T>(NdArray x, ValueArray<PaddingConfig> padding, T value)
    {
        var sizes = new int[padding.Count];
        int[] sources = new int[padding.Count], targets = new int[padding.Count], counts = new int[padding.Count];
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            var ((low, high, interior), size) = (padding[axis], x.Shape[axis]);
            var step = interior + 1;
            sizes[axis] = low + high + (size == 0 ? 0 : ((size - 1) * step) + 1);
            sources[axis] = low < 0 ? (-low + interior) / step : 0;
            targets[axis] = low + (sources[axis] * step);
            var last = Math.Min(size - 1, (int)Math.Floor((sizes[axis] - 1.0 - low) / step));
            counts[axis] = Math.Max(0, last - sources[axis] + 1);
        }
        var result = Filled(x.Spec.With((Shape)sizes), value);
        if (counts.All(static count => count > 0)) Part<T>(result, targets, counts, padding.Select(static p => p.Interior + 1)).Assign(Part<T>(x, sources, counts));
        return result;
    }

    public static NdArray Joined<T>(NdArray[] parts, int axis, TensorSpec spec)
    {
        var result = new NdArray<T>(spec, new T[spec.ElementCount]);
        var start = new int[spec.Rank];
        foreach (var part in parts)
        {
            Part<T>(result, start, part.Shape).Assign((NdArray<T>)part);
            start[axis] += part.Shape[axis];
        }
        return result;
    }

    public static NdArray Updated<T>(NdArray x, NdArray block, NdArray[] starts)
    {
        var result = Copy<T>(x);
        Part<T>(result, Starts(x.Shape, block.Shape, starts), block.Shape).Assign((NdArray<T>)block);
        return result;
    }

    /// <summary>Where a block begins, moved inside.</summary>
    public static int[] Starts(Shape shape, Shape block, NdArray[] starts) =>
        [.. starts.Select((start, axis) => (int)Int128.Clamp(Kernels.Elements<Int128>(start)[0], 0, shape[axis] - block[axis]))];

    public static NdArray Gathered<T>(Gather op, NdArray x, NdArray indices, TensorSpec spec)
    {
        var d = op.DimensionNumbers;
        var fill = op.FillValue is { } value ? Scalar.Of(spec.DType, value)
            : spec.DType.IsFloating ? Scalar.Of(spec.DType, double.NaN)
            : Element.Extreme(spec.DType, spec.DType.Is(DTypeKinds.Signed) ? -1 : 1);
        var result = Filled(spec, Element<T>.Read(fill));
        var byWindow = Kernels.Last(result, d.OffsetDims);
        Shape sizes = op.SliceSizes.ToArray();
        foreach (var (batch, start) in Windows(x.Shape, sizes, indices, op.Mode, d.StartIndexMap, d.OperandBatchingDims, d.StartIndicesBatchingDims))
        {
            var window = byWindow.Slice([.. batch, .. d.OffsetDims.Select(static _ => 0)], Shape.Create([.. batch.Select(static _ => 1), .. d.OffsetDims.Select(axis => spec.Shape[axis])]));
            ((NdArray<T>)window).Assign(Part<T>(x, start, sizes));
        }
        return result;
    }

    public static Kernel Scattering<T>(Scattering op, Func<T, T, T>? combine) => (x, _) =>
    {
        var (d, indices, updates) = (op.DimensionNumbers, x[1], x[2]);
        var result = Copy<T>(x[0]);
        var byWindow = Kernels.Last(updates, d.UpdateWindowDims);
        var sizes = Enumerable.Repeat(1, result.Shape.Rank).ToArray();
        int[] windowed = [.. Enumerable.Range(0, sizes.Length).Except(d.InsertedWindowDims).Except(d.OperandBatchingDims)];
        for (var i = 0; i < windowed.Length; i++) sizes[windowed[i]] = updates.Shape[d.UpdateWindowDims[i]];
        foreach (var (batch, start) in Windows(result.Shape, sizes, indices, op.Mode, d.ScatterDimsToOperandDims, d.OperandBatchingDims, d.ScatterIndicesBatchingDims))
        {
            var update = byWindow.Slice([.. batch, .. windowed.Select(static _ => 0)], Shape.Create([.. batch.Select(static _ => 1), .. windowed.Select(axis => sizes[axis])]));
            Part<T>(result, start, sizes).Assign((NdArray<T>)update, combine);
        }
        return [result];
    };

    /// <summary>For each index vector: where it is among the others, and where its window begins. Windows that there are not are left out.</summary>
    private static IEnumerable<(int[] Batch, int[] Start)> Windows(
        Shape shape, Shape sizes, NdArray indices, IndexMode mode, ValueArray<int> indexed, ValueArray<int> batching, ValueArray<int> indexBatching)
    {
        var (elements, counts) = (Kernels.Elements<Int128>(indices), Shape.Create(indices.Shape.Dims[..^1]));
        if (sizes.Where((size, axis) => size > shape[axis]).Any()) yield break;
        var batch = new int[counts.Rank];
        for (var vector = 0; vector < counts.ElementCount; vector++)
        {
            var start = new int[shape.Rank];
            var isInside = true;
            for (var i = 0; i < indexed.Count; i++)
            {
                var (wanted, last) = (elements[(vector * indexed.Count) + i], shape[indexed[i]] - sizes[indexed[i]]);
                isInside &= wanted >= 0 && wanted <= last;
                start[indexed[i]] = (int)Int128.Clamp(wanted, 0, last);
            }
            for (var i = 0; i < batching.Count; i++) start[batching[i]] = batch[indexBatching[i]];
            if (isInside || mode != IndexMode.FillOrDrop) yield return (batch, start);
            for (var axis = counts.Rank - 1; axis >= 0 && ++batch[axis] == counts[axis]; axis--) batch[axis] = 0;
        }
    }

    private static NdArray<T> Filled<T>(TensorSpec spec, T value) => new(spec, [.. Enumerable.Repeat(value, (int)spec.ElementCount)]);

    private static NdArray<T> Copy<T>(NdArray x) => new(x.Spec, [.. Kernels.Elements<T>(x)]);

    private static NdArray<T> Part<T>(NdArray x, IEnumerable<int> starts, Shape sizes, IEnumerable<int>? steps = null) => (NdArray<T>)x.Slice(starts, sizes, steps);
}
