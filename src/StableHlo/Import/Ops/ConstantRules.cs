using BrainState.Ops;
using BrainState.Programs;
using BrainState.StableHlo.Syntax;

namespace BrainState.StableHlo.Import.Ops;

/// <summary>Values that the text holds.</summary>
internal static class ConstantRules
{
    public static void AddTo(OpTable table)
    {
        table.AddElementwise("stablehlo.constant", Constant);
        table.AddElementwise("chlo.constant", Constant);
        table.Add("stablehlo.iota", site => site.Add(new Iota(site.Result().DType, site.Result().Shape, site.Int("iota_dimension"))));
        table.Add("stablehlo.dynamic_iota", site => site.Add(new Iota(site.Result().DType, site.Result().Shape, site.Int("iota_dimension"))));
        table.Add("stablehlo.get_dimension_size", static site =>
        {
            var (shape, axis) = (site.SpecOf(site.X).Shape, site.Int("dimension"));
            return axis >= 0 && axis < shape.Rank ? OpSite.Literal(site.Result().DType, shape[axis]) : throw site.Error($"there is no axis {axis}");
        });
    }

    /// <summary>A scalar is a literal, equal elements are a broadcast literal, and any other tensor is an input of the program.</summary>
    private static Operand Constant(OpSite site)
    {
        var attribute = site.Attribute("value");
        var spec = site.Result();
        if (attribute is not DenseElements dense) throw site.Mismatch(attribute, "value", "dense elements");
        if (Types.Spec(dense.Type, dense.Location) != spec) throw site.Error($"the elements are {dense.Type}, but the result is {spec}");
        var bytes = dense.Read(spec, out var isSplat);
        if (!isSplat && spec.ElementCount != 1) return site.Scope.Constant(new(spec, bytes));
        var literal = Operand.Of(Scalar.Read(spec.DType, bytes.AsSpan()));
        return spec.Rank == 0 ? literal : site.Add(new BroadcastInDim(spec.Shape, []), literal);
    }
}
