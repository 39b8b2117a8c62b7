namespace BrainState.Interpretation.Evaluation;

/// <summary>Multi-indices and the row-major positions that they stand for.</summary>
internal static class Positions
{
    /// <summary>All indices into <paramref name="shape"/> in row-major order. The array is the same every time, with other contents.</summary>
    public static IEnumerable<int[]> All(Shape shape)
    {
        var index = new int[shape.Rank];
        for (var remaining = shape.ElementCount; remaining > 0; remaining--)
        {
            yield return index;
            for (var axis = index.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) index[axis] = 0;
        }
    }

    /// <summary>The row-major position of <paramref name="index"/> in <paramref name="shape"/>.</summary>
    public static int Of(Shape shape, ReadOnlySpan<int> index)
    {
        var position = 0;
        for (var axis = 0; axis < index.Length; axis++) position = (position * shape[axis]) + index[axis];
        return position;
    }

    /// <summary>The row-major positions of each line along an axis.</summary>
    public static IEnumerable<int[]> Lines(Shape shape, int axis)
    {
        var stride = shape.Dims[(axis + 1)..].ToArray().Aggregate(1, static (product, size) => product * size);
        foreach (var index in All(shape))
        {
            if (index[axis] != 0) continue;
            var first = Of(shape, index);
            yield return [.. Enumerable.Range(0, shape[axis]).Select(i => first + (i * stride))];
        }
    }

    /// <summary>A value whose element at each index is chosen by <paramref name="element"/>.</summary>
    public static HostValue Generate(TensorSpec spec, Func<int[], Scalar> element)
    {
        using var indices = All(spec.Shape).GetEnumerator();
        return HostValue.Generate(spec, _ => indices.MoveNext() ? element(indices.Current) : throw new InvalidOperationException());
    }

    /// <summary>The element of <paramref name="value"/> at <paramref name="index"/>.</summary>
    public static Scalar At(this HostValue value, ReadOnlySpan<int> index) => value[Of(value.Spec.Shape, index)];
}
