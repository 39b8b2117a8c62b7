namespace BrainState.Arrays;

/// <summary>What numbers have that are on a line.</summary>
internal static class Order
{
    public static Kernel? Of<T>(Op op, DType dtype) where T : INumber<T>
    {
        T Extreme(int sign) => Element<T>.Read(Element.Extreme(dtype, sign));
        return op switch
        {
            Max => Kernels.Map<T, T>(T.Max),
            Min => Kernels.Map<T, T>(T.Min),
            Lt => Kernels.Map<T, Int128>(static (x, y) => x < y ? 1 : 0),
            Le => Kernels.Map<T, Int128>(static (x, y) => x <= y ? 1 : 0),
            Abs => Kernels.Map<T, T>(T.Abs),
            Rem => Kernels.Map<T, T>(static (x, y) => x % y),
            ReduceMax max => Kernels.Rows<T, T>(max.Axes, row => row.Aggregate(Extreme(-1), T.Max)),
            ReduceMin min => Kernels.Rows<T, T>(min.Axes, row => row.Aggregate(Extreme(1), T.Min)),
            ArgMax max => Kernels.Rows<T, Int128>(ValueArray.Create([max.Axis]), static row => Best(row, static (x, y) => Element<T>.Compare(x, y))),
            ArgMin min => Kernels.Rows<T, Int128>(ValueArray.Create([min.Axis]), static row => Best(row, static (x, y) => Element<T>.Compare(-x, -y))),
            Sort sort => (x, _) => Sorted(sort, x),
            ScatterMax scatter => Indexing.Scattering<T>(scatter, T.Max),
            ScatterMin scatter => Indexing.Scattering<T>(scatter, T.Min),
            _ => null,
        };
    }

    private static Int128 Best<T>(ArraySegment<T> row, Comparison<T> compare)
    {
        var best = 0;
        for (var i = 1; i < row.Count; i++)
            if (compare(row[i], row[best]) > 0)
                best = i;
        return best;
    }

    /// <summary>All operands are permuted as the first of them, the keys, demand; of equals the first comes first.</summary>
    private static NdArray[] Sorted(Sort op, NdArray[] x)
    {
        NdArray[] rows = [.. x.Select(operand => Kernels.Last(operand, [op.Dimension]))];
        var width = x[0].Shape[op.Dimension];
        var order = Enumerable.Range(0, (int)x[0].Spec.ElementCount)
            .OrderBy(i => i / Math.Max(1, width))
            .ThenBy(static i => i, Comparer<int>.Create((i, k) => rows.Take(op.KeyCount).Select(key => key.Compare(i, k)).FirstOrDefault(static order => order != 0)))
            .ToArray();
        return [.. rows.Select(operand => NdArray.Of(operand.Spec, i => operand[order[i]]).Transpose(
            Enumerable.Range(0, operand.Shape.Rank).Select(axis => axis < op.Dimension ? axis : axis == op.Dimension ? operand.Shape.Rank - 1 : axis - 1)))];
    }
}
