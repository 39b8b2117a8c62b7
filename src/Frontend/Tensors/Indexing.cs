using BrainState.Ops;

namespace BrainState;

/// <summary>How indexing becomes slices, reversals and reshapes, and with tensors of positions a gather.</summary>
internal static class Indexing
{
    /// <summary>The part of x that indices name.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="indices">At most one per axis, new axes and an ellipsis.</param>
    /// <param name="mode">What computed positions outside of x give.</param>
    public static Tensor Take(Tensor x, ReadOnlySpan<TensorIndex> indices, IndexMode mode)
    {
        var expanded = Expand(Positions(indices), x.Rank);
        if (expanded.Any(i => i.Kind == TensorIndex.IndexKind.Computed && (i.Computed!.Rank > 0 || mode != IndexMode.Clip))) return Gather(x, expanded, mode);
        int[] starts = new int[x.Rank], limits = new int[x.Rank], strides = new int[x.Rank];
        var reversed = new List<int>();
        var kept = new List<int>(); // Axes of the slice that stay, and −1 for a new one.
        var computed = new List<(int Axis, Tensor Position)>();
        var axis = 0;
        foreach (var index in expanded)
        {
            if (index.Kind == TensorIndex.IndexKind.NewAxis)
            {
                kept.Add(-1);
                continue;
            }
            var size = x.Shape[axis];
            (starts[axis], limits[axis], strides[axis]) = (0, size, 1);
            switch (index.Kind)
            {
                case TensorIndex.IndexKind.Position:
                    var position = index.At.GetOffset(size);
                    if (position < 0 || position >= size)
                        throw new IndexOutOfRangeException($"Position {index.At} is outside axis {axis} of {x.Spec}.");
                    (starts[axis], limits[axis]) = (position, position + 1);
                    break;
                case TensorIndex.IndexKind.Computed:
                    computed.Add((axis, index.Computed!));
                    break;
                case TensorIndex.IndexKind.Range:
                    var start = Math.Clamp(index.Range.Start.GetOffset(size), 0, size);
                    (starts[axis], limits[axis]) = (start, Math.Max(start, Math.Clamp(index.Range.End.GetOffset(size), 0, size)));
                    kept.Add(axis);
                    break;
                default:
                    (starts[axis], limits[axis], strides[axis]) = Forward(index.Stepped, size);
                    if (index.Stepped.Step < 0) reversed.Add(axis);
                    kept.Add(axis);
                    break;
            }
            axis++;
        }

        var taken = Lax.Slice(x, starts.ToValueArray(), limits.ToValueArray(), strides.ToValueArray());
        taken = Lax.Rev(taken, reversed.ToValueArray());
        if (computed.Count > 0) taken = TakeComputed(taken, computed);
        return Lax.Reshape(taken, kept.Select(a => a < 0 ? 1 : taken.Shape[a]).ToArray());
    }

    /// <summary>The indices with the ellipsis and missing trailing ones written out.</summary>
    private static List<TensorIndex> Expand(ReadOnlySpan<TensorIndex> indices, int rank)
    {
        var (named, ellipses) = (0, 0);
        foreach (var index in indices)
        {
            if (index.Kind == TensorIndex.IndexKind.Ellipsis) ellipses++;
            else if (index.Kind != TensorIndex.IndexKind.NewAxis) named++;
        }
        if (named > rank) throw new IndexOutOfRangeException($"A tensor of rank {rank} has no {named} indices.");
        if (ellipses > 1) throw new IndexOutOfRangeException("An index can contain only one ellipsis.");

        var expanded = new List<TensorIndex>();
        var rest = Enumerable.Repeat<TensorIndex>(.., rank - named);
        foreach (var index in indices)
        {
            if (index.Kind == TensorIndex.IndexKind.Ellipsis) expanded.AddRange(rest);
            else expanded.Add(index);
        }
        if (ellipses == 0) expanded.AddRange(rest);
        return expanded;
    }

    /// <summary>Start, limit and positive stride of the elements that Python's <c>start:stop:step</c> names, in forward order.</summary>
    private static (int Start, int Limit, int Stride) Forward((int? Start, int? Stop, int Step) slice, int size)
    {
        var step = slice.Step;
        var (low, high) = step > 0 ? (0, size) : (-1, size - 1);
        int Bound(int? bound, int missing) => bound is { } b ? Math.Clamp(b < 0 ? b + size : b, low, high) : missing;
        var first = Bound(slice.Start, step > 0 ? low : high);
        var stop = Bound(slice.Stop, step > 0 ? high : low);
        var count = step > 0 ? Math.Max(0, (stop - first + step - 1) / step) : Math.Max(0, (first - stop - step - 1) / -step);
        if (count == 0) return (0, 0, 1);
        var last = first + (count - 1) * step;
        return (Math.Min(first, last), Math.Max(first, last) + 1, Math.Abs(step));
    }

    /// <summary>
    /// The part that tensors of positions name together. All other indices apply to their own axes first, those with positions being taken whole; what then has the axes of the
    /// gather is where the positions' axes go.
    /// </summary>
    private static Tensor Gather(Tensor x, List<TensorIndex> indices, IndexMode mode)
    {
        static bool IsPosition(TensorIndex index) => index.Kind is TensorIndex.IndexKind.Computed or TensorIndex.IndexKind.Position;
        var sliced = Take(x, indices.Select(static i => IsPosition(i) ? .. : i).ToArray(), mode);

        // Every index is now an axis of the sliced tensor.
        var axes = Enumerable.Range(0, indices.Count).Where(i => IsPosition(indices[i])).ToValueArray();
        var positions = axes.Select(axis => Position(indices[axis], sliced, axis)).ToArray();
        var common = Broadcasting.Of(Array.ConvertAll(positions, static p => p.Shape));
        var vectors = Lax.Concatenate(Array.ConvertAll(positions, p => Np.ExpandDims(Broadcasting.To(p, common), common.Rank)), common.Rank);

        foreach (var axis in axes) sliced = Np.WithElements(sliced, axis, vectors);
        var isTogether = axes[^1] - axes[0] == axes.Count - 1;
        var first = isTogether ? axes[0] : 0;
        var offsets = Enumerable.Range(0, sliced.Rank - axes.Count + common.Rank).Where(a => a < first || a >= first + common.Rank).ToValueArray();
        var window = sliced.Shape.Select((size, axis) => axes.Contains(axis) ? 1 : size).ToValueArray();
        return Lax.Gather(sliced, vectors, new(offsets, axes, axes), window, mode);
    }

    /// <summary>Positions along an axis, counted from the start, as int32.</summary>
    private static Tensor Position(TensorIndex index, Tensor x, int axis)
    {
        var size = x.Shape[axis];
        if (index.Kind == TensorIndex.IndexKind.Computed) return Lax.ConvertElementType(Np.FromStart(index.Computed!, size), DType.Int32);
        var position = index.At.GetOffset(size);
        return position >= 0 && position < size
            ? Lax.ConvertElementType(position, DType.Int32)
            : throw new IndexOutOfRangeException($"Position {index.At} is outside axis {axis} of {x.Spec}.");
    }

    /// <summary>The indices with bool tensors written as the positions where they are true.</summary>
    private static TensorIndex[] Positions(ReadOnlySpan<TensorIndex> indices)
    {
        var written = new List<TensorIndex>();
        foreach (var index in indices)
        {
            if (index.Kind != TensorIndex.IndexKind.Computed || index.Computed!.DType != DType.Bool)
            {
                written.Add(index);
                continue;
            }
            var mask = index.Computed!;
            if (mask.IsTraced)
                throw new ArgumentException($"A traced mask {mask.Spec} cannot index, because the shape of the result would depend on its values. Use Np.Where, which keeps the shape.");
            var (truths, strides) = (mask.ToArray<bool>(), mask.Shape.RowMajorStrides());
            int[] places = [.. Enumerable.Range(0, truths.Length).Where(i => truths[i])];
            for (var axis = 0; axis < mask.Rank; axis++)
                written.Add(Tensor.From<int>(Array.ConvertAll(places, place => (int)(place / strides[axis] % mask.Shape[axis]))));
        }
        return [.. written];
    }

    private static Tensor TakeComputed(Tensor x, List<(int Axis, Tensor Position)> computed)
    {
        var starts = new Tensor[x.Rank];
        Array.Fill(starts, Lax.ConvertElementType(0, DType.Int32));
        var sizes = x.Shape.ToArray();
        foreach (var (axis, position) in computed)
        {
            if (position.Rank != 0 || !position.DType.IsInteger)
                throw new ArgumentException($"A computed position must be an integer scalar, but is {position.Spec}.");
            if (x.Shape[axis] == 0) throw new IndexOutOfRangeException($"Axis {axis} of {x.Spec} is empty.");
            // A negative position counts from the end, as a constant one does.
            var index = Lax.ConvertElementType(position, DType.Int32);
            starts[axis] = Lax.SelectN(Lax.Lt(index, 0), index, Lax.Add(index, x.Shape[axis]));
            sizes[axis] = 1;
        }
        return Lax.DynamicSlice(x, starts, sizes.ToValueArray());
    }
}
