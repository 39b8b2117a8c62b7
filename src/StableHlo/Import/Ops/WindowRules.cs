using BrainState.Ops;
using BrainState.Programs;
using BrainState.StableHlo.Syntax;

namespace BrainState.StableHlo.Import.Ops;

/// <summary>Reductions over sliding windows, and their transpose.</summary>
internal static class WindowRules
{
    public static void AddTo(OpTable table)
    {
        table.AddMany("stablehlo.reduce_window", ReduceWindow);
        table.Add("stablehlo.select_and_scatter", SelectAndScatter);
    }

    private static Window ReadWindow(OpSite site)
    {
        var count = site.SpecOf(site.X).Rank;
        var window = new Window(site.Ints("window_dimensions"), site.Ints("window_strides", count, absent: 1), site.Padding("padding", count),
            site.Ints("base_dilations", count, absent: 1), site.Ints("window_dilations", count, absent: 1));
        int[] lengths = [window.Dimensions.Count, window.Strides.Count, window.Padding.Count, window.BaseDilation.Count, window.WindowDilation.Count];
        return lengths.All(length => length == count) ? window : throw site.Error($"the window must have {count} axes as its operand has");
    }

    private static Operand[] ReduceWindow(OpSite site)
    {
        var operands = ReductionRules.Accumulated(site);
        var count = operands.Length / 2;
        var body = site.Body(0, site.ScalarsOf(operands));
        var window = ReadWindow(site);
        if (Monoid.Recognize(site.Regions[0]) is not { } kinds || kinds.Contains(MonoidKind.Replace)) return site.AddAll(new ReduceWindow(site.Closed(body), window), operands);
        return [.. kinds.Select((kind, i) => Reduce(site, kind, window, operands[i], operands[count + i]))];
    }

    private static Operand Reduce(OpSite site, MonoidKind kind, Window window, Operand x, Operand initial)
    {
        var spec = site.SpecOf(x);
        if (!kind.IsNeutral(initial))
        {
            // Padding counts as the initial value, which is not nothing; then the initial value takes part once more.
            var padding = new Pad(window.Padding.Select((edge, axis) => new PaddingConfig(edge.Low, edge.High, window.BaseDilation[axis] - 1)).ToValueArray());
            var padded = site.Add(padding, x, initial);
            var unpadded = new Window(window.Dimensions, window.Strides, Enumerable.Repeat(default(EdgePadding), spec.Rank).ToValueArray(),
                Enumerable.Repeat(1, spec.Rank).ToValueArray(), window.WindowDilation);
            return site.Add(kind.Op(), initial, Reduce(site, kind, unpadded, padded, Operand.Of(kind.Neutral(spec.DType))));
        }
        if (Cumulative(kind, window, spec) is { } cumulative) return site.Add(cumulative, x);
        var op = Reduction(kind, window);
        if (op is not null && op.Accepts.HasFlag(spec.DType.Kind)) return site.Add(op, x);
        var body = new ProgramBuilder();
        var scalar = spec.With(Shape.Scalar);
        var combined = body.Add(kind.Op(), body.AddInput(scalar), body.AddInput(scalar));
        return site.Add(new ReduceWindow(body.Build(combined), window), x, initial);
    }

    /// <summary>The running reduction that a window of the length of its only axis computes when it hangs over one end.</summary>
    private static Cumulative? Cumulative(MonoidKind kind, Window window, TensorSpec x)
    {
        int[] axes = [.. Enumerable.Range(0, x.Rank).Where(axis => window.Dimensions[axis] != 1 || window.Padding[axis] != default)];
        if (axes is not [var along] || window.Dimensions[along] != x.Shape[along]) return null;
        if (window.Strides.Concat(window.BaseDilation).Concat(window.WindowDilation).Any(static v => v != 1)) return null;
        var overhang = x.Shape[along] - 1;
        if (window.Padding[along] != new EdgePadding(overhang, 0) && window.Padding[along] != new EdgePadding(0, overhang)) return null;
        var isReverse = window.Padding[along].High > 0;
        Cumulative? op = kind switch
        {
            MonoidKind.Add => new CumSum(along, isReverse),
            MonoidKind.Multiply => new CumProd(along, isReverse),
            MonoidKind.Maximum => new CumMax(along, isReverse),
            MonoidKind.Minimum => new CumMin(along, isReverse),
            _ => null,
        };
        return op is not null && op.Accepts.HasFlag(x.DType.Kind) ? op : null;
    }

    private static WindowReduction? Reduction(MonoidKind kind, Window window) => kind switch
    {
        MonoidKind.Add => new ReduceWindowSum(window),
        MonoidKind.Maximum or MonoidKind.Or => new ReduceWindowMax(window),
        MonoidKind.Minimum or MonoidKind.And => new ReduceWindowMin(window),
        _ => null,
    };

    private static Operand SelectAndScatter(OpSite site)
    {
        if (site.Regions is not [var select, var scatter]) throw site.Error("it takes two regions");
        for (var i = 0; i < 2; i++) site.Body(i, site.ScalarsOf(site.X, site.X));
        var selection = Selection(select) ?? throw site.Cannot("stablehlo.select_and_scatter that does not select the first largest or smallest element");
        if (Monoid.Recognize(scatter) is not [MonoidKind.Add]) throw site.Cannot("stablehlo.select_and_scatter that does not add");
        var scattered = site.Add(new SelectAndScatterAdd(selection, ReadWindow(site)), site.Y, site.X);
        return ReductionRules.Combine(site, MonoidKind.Add, site[2], scattered);
    }

    private static WindowSelection? Selection(MlirRegion region)
    {
        if (region is not { Arguments: [var x, var y], Ops: [{ Name: "stablehlo.compare", Operands: [var left, var right], Results: [var result] } compare, { Operands: [var returned] }] })
            return null;
        if (left.Name != x.Name.Name || right.Name != y.Name.Name || returned.Name != result.Name) return null;
        return (compare.Attributes.GetValueOrDefault("comparison_direction") as DialectAttribute)?.Body switch
        {
            "comparison_direction GE" => WindowSelection.Ge,
            "comparison_direction LE" => WindowSelection.Le,
            _ => null,
        };
    }
}
