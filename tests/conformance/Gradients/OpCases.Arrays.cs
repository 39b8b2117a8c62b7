using BrainState.Ops;

namespace BrainState.Conformance.Gradients;

/// <content>Positions, windows, convolutions, and special functions.</content>
internal static partial class OpCases
{
    private static IEnumerable<OpCase> Special()
    {
        (string Name, Func<Tensor, Tensor> F, double Low, double High)[] ops =
        [
            ("erfc", Lax.Erfc, -2, 2), ("lgamma", Lax.Lgamma, 0.3, 4), ("lgamma", Lax.Lgamma, -2.8, -2.2), ("lgamma", Lax.Lgamma, 20, 30), ("digamma", Lax.Digamma, 0.6, 4),
            ("digamma", Lax.Digamma, -1.8, -1.2), ("digamma", Lax.Digamma, 20, 30), ("nextafter", x => Lax.NextAfter(x, 5.0) * x, 1.1, 1.9),
        ];
        foreach (var (name, f, low, high) in ops)
            foreach (var shape in (Shape[])[[], [3]])
                yield return new(name, $"of {shape} in [{low}, {high}]", x => f(x[0]), [shape], low, high);
    }

    private static IEnumerable<OpCase> Positions()
    {
        Tensor ids = Tensor.From<int>([2, 0, 2, 3], [4, 1]), unique = Tensor.From<int>([3, 0], [2, 1]), outside = Tensor.From<int>([1, 7, -1, 1], [4, 1]);
        Tensor pairs = Tensor.From<int>([0, 1, 2, 2, 0, 1], [3, 2]), lanes = Tensor.From<int>([1, 0, 2, 2, 1, 1], [2, 3, 1]);
        GatherDimensionNumbers rows = new([1], [0], [0]);
        ScatterDimensionNumbers intoRows = new([1], [0], [0]);
        foreach (var mode in Enum.GetValues<IndexMode>())
        {
            yield return new("gather", $"of rows, {mode}", x => Lax.Gather(x[0], ids, rows, [1, 2], mode, 0.5), [[4, 2]]);
            yield return new("gather", $"of windows, {mode}", x => Lax.Gather(x[0], pairs, new([0, 2], [], [1, 0]), [2, 2], mode, 0.5), [[3, 4]]);
            yield return new("gather", $"in batches, {mode}", x => Lax.Gather(x[0], lanes, new([1], [], [1], [0], [0]), [1, 2], mode, 0.5), [[2, 4]]);
        }
        yield return new("gather", "outside, clipped", x => Lax.Gather(x[0], outside, rows, [1, 2], IndexMode.Clip), [[4, 2]]);
        yield return new("gather", "outside, filled", x => Lax.Gather(x[0], outside, rows, [1, 2], IndexMode.FillOrDrop, 0.5), [[4, 2]]);

        (string Name, Func<ScatterDimensionNumbers, IndexMode, bool, Op> Make)[] scatters =
        [
            ("scatter", (d, mode, isUnique) => new Scatter(d, mode, isUnique)), ("scatter_add", (d, mode, isUnique) => new ScatterAdd(d, mode, isUnique)),
            ("scatter_mul", (d, mode, isUnique) => new ScatterMul(d, mode, isUnique)), ("scatter_min", (d, mode, isUnique) => new ScatterMin(d, mode, isUnique)),
            ("scatter_max", (d, mode, isUnique) => new ScatterMax(d, mode, isUnique)),
        ];
        foreach (var (name, make) in scatters)
        {
            yield return new(name, "of unique rows", x => Lax.One(make(intoRows, IndexMode.FillOrDrop, true), x[0], unique, x[1]), [[4, 2], [2, 2]]);
            yield return new(name, "into a constant", x => Lax.One(make(intoRows, IndexMode.Clip, true), Np.Ones([4, 2], DType.Float64), unique, x[0]), [[2, 2]]);
            yield return new(name, "of a constant", x => Lax.One(make(intoRows, IndexMode.Clip, false), x[0], ids, Np.Full([4, 2], 0.5, DType.Float64)), [[4, 2]]);
            if (name == "scatter_mul") continue;
            yield return new(name, "of repeated rows", x => Lax.One(make(intoRows, IndexMode.FillOrDrop, false), x[0], ids, x[1]), [[4, 2], [4, 2]]);
            yield return new(name, "outside, dropped", x => Lax.One(make(intoRows, IndexMode.FillOrDrop, false), x[0], outside, x[1]), [[4, 2], [4, 2]]);
            yield return new(name, "outside, clipped", x => Lax.One(make(intoRows, IndexMode.Clip, false), x[0], outside, x[1]), [[4, 2], [4, 2]]);
            yield return new(name, "of overlapping windows", x => Lax.One(make(new([0, 2], [], [1, 0]), IndexMode.FillOrDrop, false), x[0], pairs, x[1]), [[3, 4], [2, 3, 2]]);
            yield return new(name, "in batches", x => Lax.One(make(new([1], [], [1], [0], [0]), IndexMode.Clip, false), x[0], lanes, x[1]), [[2, 4], [2, 2, 3]]);
        }
        yield return new("top_k", "of a matrix", x => Lax.TopK(x[0], 2).Values, [[3, 5]]);
        yield return new("top_k", "of all", x => Lax.TopK(x[0], 4).Values * x[0], [[4]]);
        yield return new("top_k", "of none", x => Lax.TopK(x[0], 0).Values, [[4]]);
    }

    private static readonly Window[] Sliding =
    [
        new([2, 3], [1, 1], [default, default]), new([2, 2], [2, 1], [new(1, 0), new(1, 2)]), new([2, 1], [1, 2], [new(-1, 1), new(0, -1)]),
        new([2, 2], [1, 3], [new(1, 1), new(0, 2)], [2, 3], [1, 2]), new([3, 2], [2, 2], [new(2, 2), new(-2, 1)], [1, 2], [2, 1]), new([5, 6], [1, 1], [default, default]),
    ];

    private static IEnumerable<OpCase> Windows()
    {
        foreach (var (number, window) in Sliding.Index())
        {
            (string, Func<Tensor, Tensor>)[] ops =
            [
                ("reduce_window_sum", x => Lax.ReduceWindowSum(x, window)),
                // Some windows see padding alone, which is infinite.
                ("reduce_window_max", x => Lax.Max(Lax.ReduceWindowMax(x, window), -9.0)), ("reduce_window_min", x => Lax.Min(Lax.ReduceWindowMin(x, window), 9.0)),
            ];
            foreach (var (name, f) in ops) yield return new(name, $"under window {number}", x => f(x[0]), [[4, 5]]);
            foreach (var selection in Enum.GetValues<WindowSelection>())
            {
                var windows = window.CountsOver([4, 5]).Select(static n => (int)n).ToArray();
                yield return new("select_and_gather_add", $"{selection} under window {number}", x => Lax.SelectAndGatherAdd(x[0], x[1], selection, window), [[4, 5], [4, 5]]);
                yield return new("select_and_scatter_add", $"{selection} under window {number}", x => Lax.SelectAndScatterAdd(x[0], x[1], selection, window), [windows, [4, 5]]);
            }
        }
        TensorSpec scalar = new(DType.Float64, []);
        var product = Traced.Of(static x => [x[0] * x[1]], [scalar, scalar]).Program;
        Tensor one = Tensor.From<double>([1], []);
        yield return new("reduce", "by products", x => Lax.Reduce([x[0]], [one], product, [1])[0], [[3, 5]]);
        yield return new("reduce", "of all", x => Lax.Reduce([x[0]], [one], product, [0, 1])[0], [[3, 2]]);
        yield return new("reduce_window", "by products", x => Lax.ReduceWindow([x[0]], [one], product, Sliding[1])[0], [[4, 5]]);
    }

    private static IEnumerable<OpCase> Convolutions()
    {
        OpCase Case(string variant, Shape lhs, Shape rhs, Func<Tensor, Tensor, Tensor> conv) => new("conv_general_dilated", variant, x => conv(x[0], x[1]), [lhs, rhs]);
        yield return Case("plain", [2, 3, 6], [4, 3, 2], (x, k) => Lax.Conv(x, k, [1], PaddingMode.Valid));
        yield return Case("same, strided", [1, 2, 5, 4], [3, 2, 3, 2], (x, k) => Lax.Conv(x, k, [2, 3], PaddingMode.Same));
        yield return Case("dilated", [2, 1, 4], [2, 1, 3], (x, k) => Lax.ConvGeneralDilated(x, k, [1], PaddingMode.Same, lhsDilation: [2], rhsDilation: [3]));
        yield return Case("everything at once", [2, 2, 5], [2, 2, 3], (x, k) => Lax.ConvGeneralDilated(x, k, [2], [new EdgePadding(3, 1)], [3], [2]));
        yield return Case("cropped", [1, 2, 6], [1, 2, 2], (x, k) => Lax.ConvGeneralDilated(x, k, [2], [new EdgePadding(-1, -2)]));
        yield return Case("in feature groups", [2, 4, 5], [6, 2, 2], (x, k) => Lax.ConvGeneralDilated(x, k, [1], [new EdgePadding(1, 0)], featureGroupCount: 2));
        yield return Case("depthwise", [1, 3, 4], [6, 1, 2], (x, k) => Lax.ConvGeneralDilated(x, k, [1], PaddingMode.Same, featureGroupCount: 3));
        yield return Case("in batch groups", [6, 2, 4], [3, 2, 2], (x, k) => Lax.ConvGeneralDilated(x, k, [2], [new EdgePadding(0, 1)], batchGroupCount: 3));
        yield return Case("channels last", [2, 4, 3, 2], [2, 2, 2, 4], (x, k) => Lax.ConvGeneralDilated(x, k, [1, 1], PaddingMode.Same, dimensionNumbers: new([0, 3, 1, 2], [3, 2, 0, 1], [0, 3, 1, 2])));
        yield return Case("axes anyhow, in groups", [5, 4, 2], [3, 2, 2], (x, k) => Lax.ConvGeneralDilated(x, k, [2], [new EdgePadding(1, 1)], rhsDilation: [2], dimensionNumbers: new([2, 1, 0], [1, 2, 0], [1, 0, 2]), featureGroupCount: 2));
        yield return Case("without spatial axes", [3, 2], [4, 2], (x, k) => Lax.ConvGeneralDilated(x, k, [], PaddingMode.Valid));
        yield return Case("of nothing", [0, 2, 3], [4, 2, 2], (x, k) => Lax.Conv(x, k, [1], PaddingMode.Valid));
        yield return Case("longer than the input", [1, 1, 2], [1, 1, 4], (x, k) => Lax.Conv(x, k, [1], PaddingMode.Valid));
        yield return new("conv_general_dilated", "of a tensor with itself", x => Lax.Conv(x[0], x[0], [1], PaddingMode.Same), [[2, 2, 3]]);
        yield return new("conv_general_dilated", "by a constant", x => Lax.Conv(x[0], Np.Ones([1, 2, 2], DType.Float64), [1], PaddingMode.Same), [[2, 2, 3]]);
    }

    private static IEnumerable<OpCase> Cumulative()
    {
        (string, Func<Tensor, int, bool, Tensor>)[] ops =
            [("cumsum", Lax.CumSum), ("cumprod", Lax.CumProd), ("cummax", Lax.CumMax), ("cummin", Lax.CumMin), ("cumlogsumexp", Lax.CumLogSumExp)];
        foreach (var (name, f) in ops)
            foreach (var reverse in (bool[])[false, true])
            {
                yield return new(name, $"of a vector, reversed: {reverse}", x => f(x[0], 0, reverse), [[7]]);
                yield return new(name, $"of a matrix, reversed: {reverse}", x => f(x[0], 1, reverse) * x[0], [[2, 5]]);
                yield return new(name, $"of one and of nothing, reversed: {reverse}", x => Np.Concatenate([f(x[0], 0, reverse), f(x[1], 0, reverse)]), [[1, 2], [0, 2]]);
            }
        yield return new("cumprod", "with two zeros", x => Lax.CumProd(x[0] * Tensor.From<double>([1, 0, 1, 0, 1, 1])), [[6]]);
    }
}
