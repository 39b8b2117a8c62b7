using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.StableHlo.Import.Ops;

/// <summary>Sorting and selection along an axis.</summary>
internal static class SortRules
{
    public static void AddTo(OpTable table)
    {
        table.AddMany("stablehlo.sort", Sort);
        table.AddMany("chlo.top_k", static site => site.AddAll(new TopK(site.Int("k")), site.X));
    }

    /// <summary>The op sorts by its first operands, so keys come first: operands where they are keys as they are, and computed keys that are dropped again.</summary>
    private static Operand[] Sort(OpSite site)
    {
        if (site.Regions is not [var region]) throw site.Error("a sort takes one region");
        site.Body(0, site.ScalarsOf(site.Operands.SelectMany(static operand => new[] { operand, operand })));
        var keys = Comparator.Recognize(region) ?? throw site.Cannot("stablehlo.sort with a comparator that is not an order of its operands by LT or GT");
        if (keys.Any(key => key.IsDescending != keys[0].IsDescending)) throw site.Cannot("stablehlo.sort by ascending and descending keys at once");
        var (operands, dimension) = (site.Operands, site.Has("dimension") ? site.Int("dimension") : -1);
        if (dimension < 0) dimension += site.SpecOf(site.X).Rank;

        var sources = new List<int>();
        var inputs = new List<Operand>();
        foreach (var key in keys)
        {
            var derived = Derive(site, key, operands[key.Operand]);
            var isOperand = derived == operands[key.Operand] && !sources.Contains(key.Operand);
            sources.Add(isOperand ? key.Operand : -1);
            inputs.Add(derived);
        }
        foreach (var rest in Enumerable.Range(0, operands.Length).Except(sources))
        {
            sources.Add(rest);
            inputs.Add(operands[rest]);
        }

        // Descending is the reverse of ascending; reversed before as well, equal elements keep their order.
        Operand Turn(Operand x) => keys[0].IsDescending ? site.Add(new Rev([dimension]), x) : x;
        var sorted = site.AddAll(new Sort(dimension, keys.Length), [.. inputs.Select(Turn)]);
        return [.. Enumerable.Range(0, operands.Length).Select(i => Turn(sorted[sources.IndexOf(i)]))];
    }

    private static Operand Derive(OpSite site, SortKey key, Operand operand)
    {
        var part = key.Part switch
        {
            KeyPart.Real => site.Add(new Real(), operand),
            KeyPart.Imaginary => site.Add(new Imag(), operand),
            _ => operand,
        };
        return key.IsTotal && site.SpecOf(part).DType.IsFloating ? ComparisonRules.TotalOrderKey(site, part) : part;
    }
}
