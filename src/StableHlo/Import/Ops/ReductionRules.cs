using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.StableHlo.Import.Ops;

/// <summary><c>stablehlo.reduce</c>.</summary>
internal static class ReductionRules
{
    public static void AddTo(OpTable table) => table.AddMany("stablehlo.reduce", Reduce);

    private static Operand[] Reduce(OpSite site)
    {
        var operands = Accumulated(site);
        var count = operands.Length / 2;
        var body = site.Body(0, site.ScalarsOf(operands));
        var axes = site.Ints("dimensions").Order().ToValueArray();
        if (ArgReductions.TryAdd(site, operands, axes) is { } positions) return positions;
        if (Monoid.Recognize(site.Regions[0]) is not { } kinds || kinds.Contains(MonoidKind.Replace))
            return site.AddAll(new Reduce(site.Closed(body), axes), operands);
        return [.. kinds.Select((kind, i) => Combine(site, kind, operands[count + i], site.Add(Reduction(kind, axes), operands[i])))];
    }

    /// <summary>The operands of a reduction, n tensors and n initial values, in the dtypes of the results, in which the region adds up.</summary>
    public static Operand[] Accumulated(OpSite site)
    {
        var operands = site.Operands;
        if (operands.Length == 0 || operands.Length != 2 * site.ResultCount) throw site.Error("a reduction takes one tensor and one initial value for each result");
        for (var i = 0; i < operands.Length; i++)
        {
            var (from, to) = (site.SpecOf(operands[i]).DType, site.Result(i % site.ResultCount).DType);
            if (from == to) continue;
            if (from.Kind != to.Kind || from.Size > to.Size) throw site.Error($"operand {i} is {from.Name}, which is not reduced in {to.Name}");
            operands[i] = site.Add(new ConvertElementType(to), operands[i]);
        }
        return operands;
    }

    /// <summary>The initial value takes part once.</summary>
    public static Operand Combine(OpSite site, MonoidKind kind, Operand initial, Operand result) =>
        kind.IsNeutral(initial) ? result : site.Add(kind.Op(), initial, result);

    private static Reduction Reduction(MonoidKind kind, ValueArray<int> axes) => kind switch
    {
        MonoidKind.Add => new ReduceSum(axes),
        MonoidKind.Multiply => new ReduceProd(axes),
        MonoidKind.Maximum => new ReduceMax(axes),
        MonoidKind.Minimum => new ReduceMin(axes),
        MonoidKind.And => new ReduceAnd(axes),
        MonoidKind.Or => new ReduceOr(axes),
        _ => new ReduceXor(axes),
    };
}
