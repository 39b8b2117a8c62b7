using BrainState.Batching;
using BrainState.Differentiation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Execution;

/// <summary>Combines lists of tensors of one shape elementwise and associatively.</summary>
internal delegate Tensor[] Combine(Tensor[] left, Tensor[] right);

/// <summary>Reductions, windows and cumulative ops as elementwise ops on slices, and selections by sorting.</summary>
internal static class WindowDecompositions
{
    public static void Define()
    {
        Decompositions.Define<ReduceXor>((op, x) => Reduce([x[0]], op.Axes, [Lax.ConvertElementType(0, x[0].DType)], Each(Lax.Xor))[0]);

        Decompositions.DefineAll<Reduce>((op, x) => Reduce(x[..(x.Length / 2)], op.Axes, x[(x.Length / 2)..], Lift(op.Body)));
        Decompositions.DefineAll<ReduceWindow>((op, x) => Slide(x[..(x.Length / 2)], x[(x.Length / 2)..], op.Window, Lift(op.Body)));

        Decompositions.Define<CumSum>((op, x) => Np.Accumulate(x[0], v => Scan(v, op, Lax.Add)));
        Decompositions.Define<CumProd>((op, x) => Np.Accumulate(x[0], v => Scan(v, op, Lax.Mul)));
        Decompositions.Define<CumMax>((op, x) => Scan(x[0], op, Lax.Max));
        Decompositions.Define<CumMin>((op, x) => Scan(x[0], op, Lax.Min));
        Decompositions.Define<CumLogSumExp>((op, x) => Np.Accumulate(x[0], v => Scan(v, op, Np.LogAddExp)));

        Decompositions.Define<ReduceWindowSum>((op, x) => Np.Accumulate(x[0], v => Slide([v], [Lax.ConvertElementType(0, v.DType)], op.Window, Each(Lax.Add))[0]));
        Decompositions.Define<ReduceWindowMax>((op, x) => Slide([x[0]], [Extreme(x[0].DType, double.NegativeInfinity)], op.Window, Each(Lax.Max))[0]);
        Decompositions.Define<ReduceWindowMin>((op, x) => Slide([x[0]], [Extreme(x[0].DType, double.PositiveInfinity)], op.Window, Each(Lax.Min))[0]);
        Decompositions.Define<SelectAndGatherAdd>((op, x) =>
        {
            var places = Selected(x[1], op.Selection, op.Window);
            return x[0].Size == 0
                ? Lax.Full(places.Shape, 0, x[0].DType)
                : Lax.Gather(Lax.Reshape(x[0], [(int)x[0].Size]), Np.ExpandDims(places, places.Rank), new([], [0], [0]), [1], fillValue: 0);
        });
        Decompositions.Define<SelectAndScatterAdd>((op, x) =>
        {
            var places = Selected(x[1], op.Selection, op.Window);
            var flat = Lax.Full([(int)x[1].Size], 0, x[1].DType);
            return Lax.Reshape(Lax.ScatterAdd(flat, Np.ExpandDims(places, places.Rank), x[0], new([], [0], [0])), x[1].Shape);
        });
        Decompositions.DefineAll<TopK>((op, x) =>
        {
            // Sorted in descending order: both before and after, the order of all elements is reversed, so that equal ones keep theirs.
            var last = x[0].Rank - 1;
            var positions = Lax.Iota(DType.Int32, x[0].Shape, last);
            var sorted = Lax.Sort([Lax.Rev(x[0], [last]), Lax.Rev(positions, [last])], last);
            return Array.ConvertAll(sorted, s => Lax.SliceInDim(Lax.Rev(s, [last]), 0, op.K, axis: last));
        });
    }

    /// <summary>
    /// Combines all elements along some axes in row-major order, neighbours first: each step halves their number. The neutral values stand for nothing.
    /// </summary>
    public static Tensor[] Reduce(Tensor[] x, ValueArray<int> axes, Tensor[] neutral, Combine combine)
    {
        var kept = Enumerable.Range(0, x[0].Rank).Where(axis => !axes.Contains(axis)).ToArray();
        int[] rest = [.. kept.Select(axis => x[0].Shape[axis])];
        var count = axes.Aggregate(1, (n, axis) => n * x[0].Shape[axis]);
        if (count == 0) return [.. neutral.Select(value => Broadcasting.To(value, rest))];
        var rows = Array.ConvertAll(x, v => Lax.Reshape(Lax.Transpose(v, [.. axes.Order(), .. kept]), [count, .. rest]));
        for (; count > 1; count = (count + 1) / 2)
        {
            Tensor[] Every(int from, int to) => Array.ConvertAll(rows, r => Lax.SliceInDim(r, from, to, 2));
            var even = count / 2 * 2;
            var combined = combine(Every(0, even), Every(1, even));
            rows = even == count ? combined : [.. combined.Zip(rows, (c, r) => Lax.Concatenate([c, Lax.SliceInDim(r, even, count)], 0))];
        }
        // Imported programs may have initial values that are not neutral, which are to be combined as well.
        return combine(Array.ConvertAll(neutral, value => Broadcasting.To(value, rest)), Array.ConvertAll(rows, r => Lax.Reshape(r, rest)));
    }

    /// <summary>
    /// Combines the elements under each window in row-major order. Windows are boxes, so the axes are combined one after the other, from the last; along each, the
    /// k-th slice holds the k-th element of every window. The neutral values stand for padding.
    /// </summary>
    public static Tensor[] Slide(Tensor[] x, Tensor[] neutral, Window window, Combine combine)
    {
        for (var axis = window.Rank - 1; axis >= 0; axis--)
        {
            var (stride, count) = (window.Strides[axis], (int)window.CountsOver(x[0].Shape)[axis]);
            var padding = new PaddingConfig[window.Rank];
            padding[axis] = new(window.Padding[axis].Low, window.Padding[axis].High, window.BaseDilation[axis] - 1);
            var padded = padding[axis] == default ? x : [.. x.Zip(neutral, (v, n) => Lax.Pad(v, n, padding.ToValueArray()))];
            Tensor[] Slice(int k)
            {
                var from = count == 0 ? 0 : k * window.WindowDilation[axis];
                return Array.ConvertAll(padded, p => Lax.SliceInDim(p, from, count == 0 ? 0 : from + (count - 1) * stride + 1, stride, axis));
            }
            x = Enumerable.Range(1, window.Dimensions[axis] - 1).Aggregate(Slice(0), (sum, k) => combine(sum, Slice(k)));
        }
        return x;
    }

    /// <summary>Combines each element with all before it: after each step, an element has met twice as many neighbours. W. D. Hillis and G. L. Steele, Data parallel algorithms (1986).</summary>
    private static Tensor Scan(Tensor x, Cumulative op, Func<Tensor, Tensor, Tensor> combine)
    {
        var (axis, size) = (op.Axis, x.Shape[op.Axis]);
        for (var step = 1; step < size; step *= 2)
        {
            var (first, last) = (Lax.SliceInDim(x, 0, size - step, axis: axis), Lax.SliceInDim(x, step, size, axis: axis));
            x = op.Reverse
                ? Lax.Concatenate([combine(first, last), Lax.SliceInDim(x, size - step, size, axis: axis)], axis)
                : Lax.Concatenate([Lax.SliceInDim(x, 0, step, axis: axis), combine(first, last)], axis);
        }
        return x;
    }

    /// <summary>The row-major position of the element that each window selects, or −1 where there is only padding.</summary>
    private static Tensor Selected(Tensor x, WindowSelection selection, Window window)
    {
        var places = Lax.Reshape(Lax.Iota(DType.Int32, [checked((int)x.Size)], 0), x.Shape);
        return Slide([x, places], [Lax.ConvertElementType(0, x.DType), Lax.ConvertElementType(-1, DType.Int32)], window, (left, right) =>
        {
            var isBetter = selection == WindowSelection.Ge ? Lax.Gt(right[0], left[0]) : Lax.Lt(right[0], left[0]);
            if (x.DType.IsFloating) isBetter = Lax.Or(isBetter, Lax.And(Lax.Ne(right[0], right[0]), Lax.Eq(left[0], left[0])));
            var takesRight = Lax.And(Lax.Ge(right[1], 0), Lax.Or(Lax.Lt(left[1], 0), isBetter));
            return [Lax.SelectN(takesRight, left[0], right[0]), Lax.SelectN(takesRight, left[1], right[1])];
        })[1];
    }

    /// <summary>A program of scalars for all elements at once: each is a lane.</summary>
    private static Combine Lift(Program body) => (left, right) =>
    {
        var shape = left[0].Shape;
        var lanes = new BatchAxis(checked((int)left[0].Size), null);
        var forms = body.Outputs.Select(static _ => OutputForm.Batched).ToValueArray();
        var batched = BatchMode.Batch(body, body.Inputs.Select(static _ => true).ToValueArray(), lanes, forms);
        var results = ProgramFunction.Apply(batched.Program, [.. left.Concat(right).Select(v => Lax.Reshape(v, [lanes.Size]))]);
        return Array.ConvertAll(results, r => Lax.Reshape(r, shape));
    };

    private static Combine Each(Func<Tensor, Tensor, Tensor> combine) => (left, right) => [combine(left[0], right[0])];

    private static Tensor Extreme(DType dtype, double infinity) => Lax.ConvertElementType(dtype == DType.Bool ? infinity > 0 : infinity, dtype);
}
