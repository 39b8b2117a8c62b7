using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.StableHlo.Import.Ops;

/// <summary><c>stablehlo.compare</c>.</summary>
internal static class ComparisonRules
{
    public static void AddTo(OpTable table) => table.AddElementwise("stablehlo.compare", site =>
    {
        var relation = Relation(site);
        var (x, y) = (site.X, site.Y);
        if (site.Word("compare_type") == "TOTALORDER" && site.SpecOf(x).DType.IsFloating) (x, y) = (TotalOrderKey(site, x), TotalOrderKey(site, y));
        if (!relation.AcceptsDType(site.SpecOf(x).DType)) throw site.Cannot($"the order of {site.SpecOf(x).DType.Name} numbers");
        return site.Add(relation, x, y);
    });

    /// <summary>The comparison that an operation names.</summary>
    public static Comparison Relation(OpSite site) => site.Word("comparison_direction") switch
    {
        "EQ" => new Eq(),
        "NE" => new Ne(),
        "LT" => new Lt(),
        "LE" => new Le(),
        "GT" => new Gt(),
        "GE" => new Ge(),
        var other => throw site.Error($"'{other}' is not a comparison direction"),
    };

    /// <summary>Integers in the total order of IEEE 754: −NaN, −∞ … −0, 0 … ∞, NaN. The bits are in this order, that of the negative ones reversed.</summary>
    public static Operand TotalOrderKey(OpSite site, Operand x)
    {
        var dtype = site.SpecOf(x).DType.Size switch { 2 => DType.Int16, 4 => DType.Int32, _ => DType.Int64 };
        var bits = site.Add(new BitcastConvertType(dtype), x);
        var sign = site.Add(new ShiftRightArithmetic(), bits, OpSite.Literal(dtype, 8 * dtype.Size - 1));
        var magnitude = Operand.Of(new Scalar(dtype, (UInt128.One << (8 * dtype.Size - 1)) - 1));
        return site.Add(new Xor(), bits, site.Add(new And(), sign, magnitude));
    }
}
