using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.StableHlo.Import.Ops;

/// <summary>Matrix products and convolutions.</summary>
internal static class ProductRules
{
    public static void AddTo(OpTable table)
    {
        table.Add("stablehlo.dot_general", DotGeneral);
        table.Add("stablehlo.dot", Dot);
        table.Add("stablehlo.convolution", Convolution);
    }

    private static Operand DotGeneral(OpSite site)
    {
        const string Numbers = "dot_dimension_numbers";
        var op = new DotGeneral(
            site.FieldInts(Numbers, "lhs_contracting_dimensions"), site.FieldInts(Numbers, "rhs_contracting_dimensions"),
            site.FieldInts(Numbers, "lhs_batching_dimensions"), site.FieldInts(Numbers, "rhs_batching_dimensions"), site.Result().DType);
        return site.Add(op, OfOneDType(site));
    }

    /// <summary>A vector or matrix times a vector or matrix.</summary>
    private static Operand Dot(OpSite site) =>
        site.Add(new DotGeneral([site.SpecOf(site.X).Rank - 1], [0], [], [], site.Result().DType), OfOneDType(site));

    private static Operand Convolution(OpSite site)
    {
        var numbers = ReadNumbers(site);
        var spatial = numbers.Lhs.Count - 2;
        var operands = OfOneDType(site);
        var reversed = site.Flags("window_reversal", spatial);
        var reversedAxes = Enumerable.Range(0, spatial).Where(i => reversed[i]).Select(i => numbers.Rhs[i + 2]).ToValueArray();
        if (reversedAxes.Count > 0) operands[1] = site.Add(new Rev(reversedAxes), operands[1]);
        var op = new ConvGeneralDilated(numbers, site.Ints("window_strides", spatial, absent: 1), site.Padding("padding", spatial),
            site.Ints("lhs_dilation", spatial, absent: 1), site.Ints("rhs_dilation", spatial, absent: 1),
            site.Int("feature_group_count"), site.Int("batch_group_count"), site.Result().DType);
        return site.Add(op, operands);
    }

    /// <summary>The operands; where they differ in dtype, both as the result's.</summary>
    private static Operand[] OfOneDType(OpSite site)
    {
        var (x, y) = (site.SpecOf(site.X).DType, site.SpecOf(site.Y).DType);
        if (x == y) return [site.X, site.Y];
        var result = site.Result().DType;
        Operand Convert(Operand operand, DType dtype) => dtype == result ? operand : site.Add(new ConvertElementType(result), operand);
        return [Convert(site.X, x), Convert(site.Y, y)];
    }

    /// <summary>Reads <c>#stablehlo.conv&lt;[b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1]&gt;</c>, where each list says what its axes are, or the same as fields by name.</summary>
    private static ConvDimensionNumbers ReadNumbers(OpSite site)
    {
        const string Name = "dimension_numbers";
        var attribute = site.Fields(Name);
        if (attribute.Fields.Count > 0)
        {
            ValueArray<int> Named(string first, string second, string spatial) =>
                [site.FieldInt(Name, first), site.FieldInt(Name, second), .. site.FieldInts(Name, spatial)];
            return new(
                Named("input_batch_dimension", "input_feature_dimension", "input_spatial_dimensions"),
                Named("kernel_output_feature_dimension", "kernel_input_feature_dimension", "kernel_spatial_dimensions"),
                Named("output_batch_dimension", "output_feature_dimension", "output_spatial_dimensions"));
        }
        var lists = attribute.Body.Split('[', ']').Select(static part => part.Trim()).ToArray();
        if (lists is not ["", var lhs, "x", var rhs, "->", var result, ""]) throw Malformed();
        return new(Axes(lhs, "b", "f"), Axes(rhs, "o", "i"), Axes(result, "b", "f"));

        ValueArray<int> Axes(string list, string first, string second)
        {
            string[] names = [.. list.Split(',').Select(static name => name.Trim())];
            var spatial = Enumerable.Range(0, names.Length - 2).Select(static i => i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            int[] axes = [.. spatial.Prepend(second).Prepend(first).Select(name => Array.IndexOf(names, name))];
            return names.Length >= 2 && !axes.Contains(-1) ? ValueArray.Create<int>(axes) : throw Malformed();
        }

        StableHloFormatException Malformed() => site.Mismatch(attribute, Name, "of the form [b, f, 0]x[o, i, 0]->[b, f, 0]");
    }
}
