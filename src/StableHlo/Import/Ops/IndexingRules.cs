using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.StableHlo.Import.Ops;

/// <summary>Windows read from, and written to, computed positions.</summary>
internal static class IndexingRules
{
    public static void AddTo(OpTable table)
    {
        table.Add("stablehlo.gather", Gather);
        table.AddMany("stablehlo.scatter", Scatter);
    }

    private static Operand Gather(OpSite site)
    {
        const string Numbers = "dimension_numbers";
        var vector = site.FieldInt(Numbers, "index_vector_dim");
        var dimensions = new GatherDimensionNumbers(
            site.FieldInts(Numbers, "offset_dims"), site.FieldInts(Numbers, "collapsed_slice_dims"), site.FieldInts(Numbers, "start_index_map"),
            site.FieldInts(Numbers, "operand_batching_dims"), WithoutVector(site.FieldInts(Numbers, "start_indices_batching_dims"), vector));
        // The dialect moves windows inside.
        return site.Add(new Gather(dimensions, site.Ints("slice_sizes"), IndexMode.Clip), site.X, VectorsLast(site, site.Y, vector));
    }

    private static Operand[] Scatter(OpSite site)
    {
        const string Numbers = "scatter_dimension_numbers";
        var operands = site.Operands;
        var count = (operands.Length - 1) / 2;
        if (site.Regions is not [var region] || count == 0 || operands.Length != 2 * count + 1) throw site.Error("a scatter takes tensors, indices, as many updates, and a region");
        site.Body(0, site.ScalarsOf([.. operands[..count], .. operands[(count + 1)..]]));
        var kinds = Monoid.Recognize(region) ?? throw site.Cannot("stablehlo.scatter with a region that is not one operation on what is there and the update");
        var vector = site.FieldInt(Numbers, "index_vector_dim");
        var dimensions = new ScatterDimensionNumbers(
            site.FieldInts(Numbers, "update_window_dims"), site.FieldInts(Numbers, "inserted_window_dims"), site.FieldInts(Numbers, "scatter_dims_to_operand_dims"),
            site.FieldInts(Numbers, "input_batching_dims"), WithoutVector(site.FieldInts(Numbers, "scatter_indices_batching_dims"), vector));
        var indices = VectorsLast(site, operands[count], vector);
        var isUnique = site.Flag("unique_indices", absent: false);
        return [.. kinds.Select((kind, i) =>
            site.Add(Scattering(site, kind, site.SpecOf(operands[i]).DType, dimensions, isUnique), operands[i], indices, operands[count + 1 + i]))];
    }

    /// <summary>The dialect ignores windows that are not inside.</summary>
    private static Scattering Scattering(OpSite site, MonoidKind kind, DType dtype, ScatterDimensionNumbers dimensions, bool isUnique) => kind switch
    {
        MonoidKind.Replace => new Scatter(dimensions, IndexMode.FillOrDrop, isUnique),
        MonoidKind.Add => new ScatterAdd(dimensions, IndexMode.FillOrDrop, isUnique),
        MonoidKind.Multiply => new ScatterMul(dimensions, IndexMode.FillOrDrop, isUnique),
        MonoidKind.Maximum => new ScatterMax(dimensions, IndexMode.FillOrDrop, isUnique),
        MonoidKind.Minimum => new ScatterMin(dimensions, IndexMode.FillOrDrop, isUnique),
        MonoidKind.Or when dtype == DType.Bool => new ScatterMax(dimensions, IndexMode.FillOrDrop, isUnique),
        MonoidKind.And when dtype == DType.Bool => new ScatterMin(dimensions, IndexMode.FillOrDrop, isUnique),
        _ => throw site.Cannot($"stablehlo.scatter that combines with bitwise {kind}"),
    };

    /// <summary>The indices with their vectors along the last axis; where the vector's axis is beyond the last, the vectors are single numbers.</summary>
    private static Operand VectorsLast(OpSite site, Operand indices, int vector)
    {
        var shape = site.SpecOf(indices).Shape;
        if (vector < 0 || vector > shape.Rank) throw site.Error($"index_vector_dim is {vector}, but the indices have {shape.Rank} axes");
        if (vector == shape.Rank) return site.Reshape(indices, shape.Insert(shape.Rank, 1));
        return vector == shape.Rank - 1
            ? indices
            : site.Add(new Transpose(Enumerable.Range(0, shape.Rank).Where(axis => axis != vector).Append(vector).ToValueArray()), indices);
    }

    /// <summary>Axes of the indices after their vectors became the last axis.</summary>
    private static ValueArray<int> WithoutVector(ValueArray<int> axes, int vector) => axes.Select(axis => axis > vector ? axis - 1 : axis).ToValueArray();
}
