using BrainState.Ops;

namespace BrainState.StableHlo.Import.Ops;

/// <summary>The same elements elsewhere.</summary>
internal static class ShapingRules
{
    public static void AddTo(OpTable table)
    {
        table.Add("stablehlo.reshape", site => site.Add(new Reshape(site.Result().Shape), site.X));
        table.Add("stablehlo.dynamic_reshape", site => site.Add(new Reshape(site.Result().Shape), site.X));
        table.Add("stablehlo.broadcast_in_dim", BroadcastInDim);
        table.Add("stablehlo.dynamic_broadcast_in_dim", BroadcastInDim);
        table.Add("stablehlo.broadcast", site =>
        {
            var (x, added) = (site.SpecOf(site.X), site.Ints("broadcast_sizes"));
            if (added.Any(static size => size < 0)) throw site.Error($"a size is negative in {added}");
            return site.Add(new BroadcastInDim(Shape.Create([.. added, .. x.Shape]), Enumerable.Range(added.Count, x.Rank).ToValueArray()), site.X);
        });
        table.Add("stablehlo.transpose", site => site.Add(new Transpose(site.Ints("permutation")), site.X));
        table.Add("stablehlo.reverse", site => site.Add(new Rev(site.Ints("dimensions")), site.X));
        table.Add("stablehlo.concatenate", site => site.Add(new Concatenate(site.Int("dimension")), site.Operands));
        table.Add("stablehlo.pad", site =>
        {
            var (low, high) = (site.Ints("edge_padding_low"), site.Ints("edge_padding_high"));
            var interior = site.Ints("interior_padding", low.Count, absent: 0);
            if (high.Count != low.Count || interior.Count != low.Count) throw site.Error("the lists of paddings differ in length");
            return site.Add(new Pad(low.Select((value, axis) => new PaddingConfig(value, high[axis], interior[axis])).ToValueArray()), site.X, site.Y);
        });
    }

    /// <summary>The op wants increasing dimensions; others are a transposition before it.</summary>
    private static Programs.Operand BroadcastInDim(OpSite site)
    {
        var dimensions = site.Ints("broadcast_dimensions");
        var order = Enumerable.Range(0, dimensions.Count).OrderBy(axis => dimensions[axis]).ToValueArray();
        var x = order == ValueArray.Range(order.Count) ? site.X : site.Add(new Transpose(order), site.X);
        return site.Add(new BroadcastInDim(site.Result().Shape, order.Select(axis => dimensions[axis]).ToValueArray()), x);
    }
}
