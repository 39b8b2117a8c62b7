using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// y = (x − mean) · rstd · scale + bias over the last axes of x, with rstd = 1 / √(variance + epsilon), the biased variance taken about the mean. Scale and bias have
/// the sizes of these axes. Mean and rstd have size 1 there, and are float32 for smaller floats. Backwards, with g = dy · scale and n = (x − mean) · rstd,
/// dx = rstd · (g − mean g − n · mean(g · n)). J. L. Ba et al., Layer normalization (2016).
/// </summary>
internal sealed class LayerNormDefinition : CompositeDefinition<LayerNormDefinition.Attributes>
{
    public static LayerNormDefinition Instance { get; } = new();

    public override string Name => "layer_norm";

    public override CompositeSignature Signature { get; } =
        new(["x", "scale?", "bias?"], ["axis_count", "bias", "epsilon", "scale"], ["y"], ["x", "scale?", "mean", "rstd"]);

    /// <param name="AxisCount">How many axes, the last ones, are normalised together.</param>
    /// <param name="Epsilon">What is added to the variance.</param>
    /// <param name="Scale">Whether there is a scale.</param>
    /// <param name="Bias">Whether there is a bias.</param>
    public readonly record struct Attributes(int AxisCount, double Epsilon, bool Scale, bool Bias);

    protected override ValueArray<OpParameter> Describe(Attributes attributes) =>
        [new("axis_count", (long)attributes.AxisCount), new("bias", attributes.Bias), new("epsilon", attributes.Epsilon), new("scale", attributes.Scale)];

    protected override Tensor[] Body(Attributes attributes, Tensor[] operands) => Forward(attributes, operands).Results;

    protected override ForwardPass Forward(Attributes attributes, Tensor[] operands)
    {
        var x = Wide.From(operands[0]);
        var axes = Normalized(x.Rank, attributes);
        var mean = Wide.Mean(x, axes);
        var centered = x - mean;
        var rstd = Lax.Rsqrt(Wide.Mean(Np.Square(centered), axes) + attributes.Epsilon);
        var y = centered * rstd;
        if (attributes.Scale) y *= Wide.From(operands[1]);
        if (attributes.Bias) y += Wide.From(operands[^1]);
        return new([Wide.To(y, operands[0].DType)], [.. operands[..(attributes.Scale ? 2 : 1)], mean, rstd]);
    }

    protected override Tensor[] Backward(Attributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents)
    {
        var (x, mean, rstd, dy) = (Wide.From(residuals[0]), residuals[^2], residuals[^1], Wide.From(cotangents[0]));
        var axes = Normalized(x.Rank, attributes);
        var leading = ValueArray.Range(x.Rank - attributes.AxisCount);
        var normal = (x - mean) * rstd;
        var g = attributes.Scale ? dy * Wide.From(residuals[1]) : dy;
        var results = new List<Tensor> { rstd * (g - Wide.Mean(g, axes) - normal * Wide.Mean(g * normal, axes)) };
        if (attributes.Scale) results.Add(Lax.ReduceSum(dy * normal, leading));
        if (attributes.Bias) results.Add(Lax.ReduceSum(dy, leading));
        return [.. results.Select((d, i) => Wide.To(d, operands[i].DType))];
    }

    private static ValueArray<int> Normalized(int rank, Attributes attributes) => Enumerable.Range(rank - attributes.AxisCount, attributes.AxisCount).ToValueArray();
}
