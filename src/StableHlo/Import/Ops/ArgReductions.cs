using BrainState.Ops;
using BrainState.Programs;
using BrainState.StableHlo.Syntax;

namespace BrainState.StableHlo.Import.Ops;

/// <summary>Reductions of a tensor together with the positions along an axis, as JAX writes <c>argmax</c> and <c>argmin</c>: the first NaN wins, and the first of equals.</summary>
internal static class ArgReductions
{
    /// <summary>The extreme values and their positions, or null where the reduction is another one.</summary>
    public static Operand[]? TryAdd(OpSite site, Operand[] operands, ValueArray<int> axes)
    {
        if (operands is not [var x, var positions, var initial, var initialPosition] || axes is not [var axis]) return null;
        if (site.Scope.SourceOf(positions) is not Iota iota || iota.Dimension != axis || !initialPosition.IsLiteral || initialPosition.Literal.ToInt64() != 0) return null;
        var spec = site.SpecOf(x);
        if (spec.Shape != iota.Shape || spec.Shape[axis] == 0 || !spec.DType.Is(DTypeKinds.Real | DTypeKinds.Bool) || !iota.DType.IsInteger) return null;
        if (Matches(site.Regions[0], "GT") && MonoidKind.Maximum.IsNeutral(initial)) return [site.Add(new ReduceMax(axes), x), site.Add(new ArgMax(axis, iota.DType), x)];
        if (Matches(site.Regions[0], "LT") && MonoidKind.Minimum.IsNeutral(initial)) return [site.Add(new ReduceMin(axes), x), site.Add(new ArgMin(axis, iota.DType), x)];
        return null;
    }

    private static bool Matches(MlirRegion region, string direction)
    {
        var wins = $"or({direction}(0,2),NE(0,0))";
        return region.Ops.Count < 16 && Expressions(region) is [var value, var position]
            && value == $"select({wins},0,2)" && position == $"select(or({wins},and(EQ(0,2),LT(1,3))),1,3)";
    }

    /// <summary>What a region returns, written out in terms of its arguments by number.</summary>
    private static string[] Expressions(MlirRegion region)
    {
        var texts = new Dictionary<string, string>();
        for (var i = 0; i < region.Arguments.Count; i++) texts[region.Arguments[i].Name.Name] = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var op in region.Ops)
        {
            string[] operands = [.. op.Operands.Select(operand => texts.GetValueOrDefault(operand.Name, "?"))];
            if (op.Name == "stablehlo.return") return operands;
            var name = op.Name == "stablehlo.compare" && op.Attributes.GetValueOrDefault("comparison_direction") is DialectAttribute direction
                ? direction.Body.Split(' ')[^1]
                : op.Name.Replace("stablehlo.", "", StringComparison.Ordinal);
            if (op.Results is [var result]) texts[result.Name] = $"{name}({string.Join(',', operands)})";
        }
        return [];
    }
}
