namespace BrainState;

/// <summary>NumPy's broadcasting: shapes are aligned at their last axes, and axes of size 1 stretch.</summary>
internal static class Broadcasting
{
    /// <summary>The shape that all of <paramref name="shapes"/> stretch to.</summary>
    /// <exception cref="ArgumentException">Two sizes of an axis differ and neither is 1.</exception>
    public static Shape Of(params ReadOnlySpan<Shape> shapes)
    {
        var rank = 0;
        foreach (var shape in shapes) rank = Math.Max(rank, shape.Rank);
        var dims = new int[rank];
        Array.Fill(dims, 1);
        foreach (var shape in shapes)
        {
            var offset = rank - shape.Rank;
            for (var i = 0; i < shape.Rank; i++)
            {
                ref var dim = ref dims[offset + i];
                if (dim != shape[i] && shape[i] != 1 && dim != 1)
                    throw new ArgumentException($"Shapes {string.Join(", ", shapes.ToArray())} cannot be broadcast together: an axis has the sizes {dim} and {shape[i]}, and neither is 1.");
                if (dim == 1) dim = shape[i];
            }
        }
        return dims;
    }

    /// <summary>x stretched to <paramref name="shape"/>.</summary>
    /// <exception cref="ArgumentException">It does not stretch to that shape.</exception>
    public static Tensor To(Tensor x, Shape shape)
    {
        if (x.Shape == shape) return Lax.Unchanged(x);
        var offset = shape.Rank - x.Rank;
        for (var axis = 0; axis < x.Rank; axis++)
            if (offset < 0 || (x.Shape[axis] != 1 && x.Shape[axis] != shape[offset + axis]))
                throw new ArgumentException($"A tensor of shape {x.Shape} cannot be broadcast to {shape}.");
        return Lax.BroadcastInDim(x, shape, Enumerable.Range(offset, x.Rank).ToValueArray());
    }
}
