using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.StableHlo.Import.Ops;

/// <summary><c>stablehlo.reduce</c>.</summary>
internal static class ReductionRules
{
    public static void AddTo(OpTable table) => table.AddMany("stablehlo.reduce", Reduce);

    private static Operand[] Reduce(OpSite site)
    {
        var operands = site.Operands;
        var count = operands.Length / 2;
        if (site.Regions is not [var region] || operands.Length != 2 * count) throw site.Error("a reduction takes tensors, as many initial values, and a region");
        var axes = site.Ints("dimensions").Order().ToValueArray();
        if (ArgReductions.TryAdd(site, axes) is { } positions) return positions;
        if (Monoid.Recognize(region) is not { } kinds || kinds.Contains(MonoidKind.Replace))
            return site.AddAll(new Reduce(site.ClosedBody(), axes), operands);
        return [.. kinds.Select((kind, i) => Combine(site, kind, operands[count + i], site.Add(Reduction(kind, axes), operands[i])))];
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
