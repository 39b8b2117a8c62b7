using BrainState.Ops;

namespace BrainState.StableHlo.Import.Ops;

/// <summary>Blocks of a tensor.</summary>
internal static class SlicingRules
{
    public static void AddTo(OpTable table)
    {
        table.Add("stablehlo.slice", site =>
        {
            var starts = site.Ints("start_indices");
            return site.Add(new Slice(starts, site.Ints("limit_indices"), site.Ints("strides", starts.Count, absent: 1)), site.X);
        });
        table.Add("stablehlo.dynamic_slice", site => site.Add(new DynamicSlice(site.Ints("slice_sizes")), site.Operands));
        table.Add("stablehlo.dynamic_update_slice", site => site.Add(new DynamicUpdateSlice(), site.Operands));
    }
}
