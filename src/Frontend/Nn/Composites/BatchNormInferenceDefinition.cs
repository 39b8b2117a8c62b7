using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// y = (x − mean) · rstd · scale + bias for each channel, with rstd = 1 / √(variance + epsilon) and given mean and variance. Scale, bias, mean and variance are vectors of one
/// number per channel. Backwards, with f = rstd · scale, dx = dy · f, dmean = −f · Σ dy and dvariance = −½ · f · rstd² · Σ dy · (x − mean).
/// </summary>
internal sealed class BatchNormInferenceDefinition : CompositeDefinition<BatchNormDefinition.Attributes>
{
    public static BatchNormInferenceDefinition Instance { get; } = new();

    public override string Name => "batch_norm_inference";

    public override CompositeSignature Signature { get; } =
        new(["x", "mean", "variance", "scale?", "bias?"], ["axis", "bias", "epsilon", "scale"], ["y"], ["x", "mean", "scale?", "rstd"]);

    protected override ValueArray<OpParameter> Describe(BatchNormDefinition.Attributes attributes) => attributes.Describe();

    protected override Tensor[] Body(BatchNormDefinition.Attributes attributes, Tensor[] operands) => Forward(attributes, operands).Results;

    protected override ForwardPass Forward(BatchNormDefinition.Attributes attributes, Tensor[] operands)
    {
        var x = Wide.From(operands[0]);
        var rstd = Lax.Rsqrt(Wide.From(operands[2]) + attributes.Epsilon);
        var y = (x - attributes.Along(operands[1], x)) * attributes.Along(attributes.Scale ? rstd * Wide.From(operands[3]) : rstd, x);
        if (attributes.Bias) y += attributes.Along(operands[^1], x);
        Tensor[] scale = attributes.Scale ? [operands[3]] : [];
        return new([Wide.To(y, operands[0].DType)], [operands[0], operands[1], .. scale, rstd]);
    }

    protected override Tensor[] Backward(BatchNormDefinition.Attributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents)
    {
        var (x, rstd, dy) = (Wide.From(residuals[0]), residuals[^1], Wide.From(cotangents[0]));
        var others = attributes.Others(x.Rank);
        var factor = attributes.Scale ? rstd * Wide.From(residuals[2]) : rstd;
        var dbias = Lax.ReduceSum(dy, others);
        var onCentered = Lax.ReduceSum(dy * (x - attributes.Along(residuals[1], x)), others);
        var results = new List<Tensor> { dy * attributes.Along(factor, x), -factor * dbias, factor * Np.Square(rstd) * onCentered * -0.5 };
        if (attributes.Scale) results.Add(rstd * onCentered);
        if (attributes.Bias) results.Add(dbias);
        return [.. results.Select((d, i) => Wide.To(d, operands[i].DType))];
    }
}
