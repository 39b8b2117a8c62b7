namespace BrainState.Ops;

/// <summary>
/// Where the axes of a convolution's operands and result are. Each is a list of axes: for <see cref="Lhs"/> and <see cref="Out"/> batch, feature, then spatial
/// ones; for <see cref="Rhs"/> output feature, input feature, then spatial ones.
/// </summary>
public sealed record ConvDimensionNumbers(ValueArray<int> Lhs, ValueArray<int> Rhs, ValueArray<int> Out);

/// <summary>
/// A convolution as neural networks define it (the kernel is not reversed) over any number of spatial axes: operands are the input, then the kernel. The input is dilated
/// and padded, the kernel dilated, and one product is summed per window; see <see cref="Window"/> for the geometry. With feature groups, output features in n equal
/// groups see one group of input features each; with batch groups, the batch is divided into n groups, each of which makes one group of output features.
/// </summary>
/// <remarks>
/// (C1) The operands have the same dtype, and it and that of the result are numbers. (C2) Each part of the dimension numbers permutes all axes; operand ranks are equal and at least 2.
/// (C3) There is one stride, padding and dilation per spatial axis; strides and dilations are positive; padding crops no more than there is. (C4) Group counts are positive and not
/// both above 1; the kernel's input features are the input's divided by the feature groups; the groups divide the kernel's output features, and batch groups divide the batch.
/// Products are accumulated in at least the precision of the result, float16 and bfloat16 in float32.
/// </remarks>
public sealed record ConvGeneralDilated(
    ConvDimensionNumbers DimensionNumbers, ValueArray<int> WindowStrides, ValueArray<EdgePadding> Padding, ValueArray<int> LhsDilation, ValueArray<int> RhsDilation,
    int FeatureGroupCount, int BatchGroupCount, DType PreferredElementType) : Op
{
    /// <inheritdoc/>
    public override string Name => "conv_general_dilated";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters =>
    [
        new("batch_group_count", BatchGroupCount),
        new("dimension_numbers", OpParameter.Tuple(DimensionNumbers.Lhs, DimensionNumbers.Rhs, DimensionNumbers.Out)),
        new("feature_group_count", FeatureGroupCount), new("lhs_dilation", LhsDilation), new("padding", Window.PaddingText(Padding)),
        new("preferred_element_type", PreferredElementType), new("rhs_dilation", RhsDilation), new("window_strides", WindowStrides),
    ];

    /// <summary>How the kernel slides over the spatial axes of the input.</summary>
    public Window WindowOver(TensorSpec kernel) =>
        new(DimensionNumbers.Rhs.Skip(2).Select(axis => kernel.Shape[axis]).ToValueArray(), WindowStrides, Padding, LhsDilation, RhsDilation);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 2);
        var (x, kernel, d) = (operands[0], operands[1], DimensionNumbers);
        Require(x.DType == kernel.DType, "C1", $"dtypes must be equal, but are {x} and {kernel}");
        RequireKind(x, DTypeKinds.Number, "C1");
        Require(PreferredElementType.Is(DTypeKinds.Number), "C1", $"the result cannot be {PreferredElementType.Name}");
        Require(x.Rank >= 2 && x.Rank == kernel.Rank, "C2", $"operand ranks must be equal and at least 2, but are {x} and {kernel}");
        foreach (var axes in (ValueArray<int>[])[d.Lhs, d.Rhs, d.Out])
            Require(axes.Order().SequenceEqual(Enumerable.Range(0, x.Rank)), "C2", $"dimension numbers must permute the {x.Rank} axes, but one is {axes}");

        var spatial = x.Rank - 2;
        Require(WindowStrides.Count == spatial && Padding.Count == spatial && LhsDilation.Count == spatial && RhsDilation.Count == spatial, "C3",
            $"it needs one stride, padding and dilation for each of {spatial} spatial axes");
        Require(WindowStrides.Concat(LhsDilation).Concat(RhsDilation).All(static v => v > 0), "C3", $"strides and dilations must be positive");
        var counts = WindowOver(kernel).CountsOver(Shape.Create([.. d.Lhs.Skip(2).Select(axis => x.Shape[axis])]));
        Require(counts.All(static c => c is >= 0 and <= int.MaxValue), "C3", $"the padding {string.Join(", ", Padding)} leaves nothing of {x}, or too much");

        Require(FeatureGroupCount > 0 && BatchGroupCount > 0 && (FeatureGroupCount == 1 || BatchGroupCount == 1), "C4",
            $"group counts must be positive and not both above 1, but are {FeatureGroupCount} and {BatchGroupCount}");
        var (batch, features, outputs) = (x.Shape[d.Lhs[0]], x.Shape[d.Lhs[1]], kernel.Shape[d.Rhs[0]]);
        Require((long)kernel.Shape[d.Rhs[1]] * FeatureGroupCount == features, "C4",
            $"the kernel {kernel} takes {kernel.Shape[d.Rhs[1]]} input features in {FeatureGroupCount} groups, but {x} has {features}");
        Require(outputs % FeatureGroupCount == 0 && outputs % BatchGroupCount == 0, "C4", $"the {outputs} output features cannot be divided into {FeatureGroupCount * BatchGroupCount} groups");
        Require(batch % BatchGroupCount == 0, "C4", $"a batch of {batch} cannot be divided into {BatchGroupCount} groups");

        var dims = new int[x.Rank];
        dims[d.Out[0]] = batch / BatchGroupCount;
        dims[d.Out[1]] = outputs;
        for (var i = 0; i < spatial; i++) dims[d.Out[i + 2]] = (int)counts[i];
        return [new(PreferredElementType, dims)];
    }

    internal static ConvGeneralDilated Read(OpParameters p)
    {
        var numbers = p.Tuple("dimension_numbers");
        if (numbers.Count != 3) throw p.Mismatch("dimension_numbers", "three tuples of axes");
        ValueArray<int> Axes(int part) => p.ToInts(numbers[part], "dimension_numbers");
        return new(new(Axes(0), Axes(1), Axes(2)), p.Ints("window_strides"), Window.ReadPadding(p), p.Ints("lhs_dilation"), p.Ints("rhs_dilation"),
            p.Int("feature_group_count"), p.Int("batch_group_count"), p.DType("preferred_element_type"));
    }
}
