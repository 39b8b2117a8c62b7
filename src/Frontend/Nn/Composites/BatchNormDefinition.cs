using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// y = (x − mean) · rstd · scale + bias for each channel, with rstd = 1 / √(variance + epsilon); mean and biased variance are those of all elements of the channel, and results
/// as well. Scale, bias, mean and variance are vectors of one number per channel; the latter two are float32 for smaller floats. Backwards, with m elements per channel and
/// n = (x − mean) · rstd, dx = scale · rstd · (dy − Σ dy / m − n · Σ(dy · n) / m) + dmean / m + 2 · (x − mean) · dvariance / m.
/// S. Ioffe and C. Szegedy, Batch normalization (2015).
/// </summary>
internal sealed class BatchNormDefinition : CompositeDefinition<BatchNormDefinition.Attributes>
{
    public static BatchNormDefinition Instance { get; } = new();

    public override string Name => "batch_norm";

    public override CompositeSignature Signature { get; } =
        new(["x", "scale?", "bias?"], ["axis", "bias", "epsilon", "scale"], ["y", "mean", "variance"], ["x", "scale?", "mean", "rstd"]);

    /// <param name="Axis">The axis of channels, counted from the front.</param>
    /// <param name="Epsilon">What is added to the variance.</param>
    /// <param name="Scale">Whether there is a scale.</param>
    /// <param name="Bias">Whether there is a bias.</param>
    public readonly record struct Attributes(int Axis, double Epsilon, bool Scale, bool Bias)
    {
        /// <summary>As an engine reads them.</summary>
        public ValueArray<OpParameter> Describe() => [new("axis", (long)Axis), new("bias", Bias), new("epsilon", Epsilon), new("scale", Scale)];

        /// <summary>The axes over which a channel extends.</summary>
        public ValueArray<int> Others(int rank)
        {
            var axis = Axis;
            return Enumerable.Range(0, rank).Where(a => a != axis).ToValueArray();
        }

        /// <summary>A number per channel, stretched to the shape of x.</summary>
        public Tensor Along(Tensor channels, Tensor x) => Lax.BroadcastInDim(Wide.From(channels), x.Shape, [Axis]);
    }

    protected override ValueArray<OpParameter> Describe(Attributes attributes) => attributes.Describe();

    protected override Tensor[] Body(Attributes attributes, Tensor[] operands) => Forward(attributes, operands).Results;

    protected override ForwardPass Forward(Attributes attributes, Tensor[] operands)
    {
        var x = Wide.From(operands[0]);
        var others = attributes.Others(x.Rank);
        var count = (double)(x.Size / Math.Max(1, x.Shape[attributes.Axis]));
        var mean = Lax.ReduceSum(x, others) / count;
        var centered = x - attributes.Along(mean, x);
        var variance = Lax.ReduceSum(Np.Square(centered), others) / count;
        var rstd = Lax.Rsqrt(variance + attributes.Epsilon);
        var y = centered * attributes.Along(attributes.Scale ? rstd * Wide.From(operands[1]) : rstd, x);
        if (attributes.Bias) y += attributes.Along(operands[^1], x);
        return new([Wide.To(y, operands[0].DType), mean, variance], [.. operands[..(attributes.Scale ? 2 : 1)], mean, rstd]);
    }

    protected override Tensor[] Backward(Attributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents)
    {
        var (x, mean, rstd) = (Wide.From(residuals[0]), residuals[^2], residuals[^1]);
        var (dy, dmean, dvariance) = (Wide.From(cotangents[0]), cotangents[1], cotangents[2]);
        var others = attributes.Others(x.Rank);
        var count = (double)(x.Size / Math.Max(1, x.Shape[attributes.Axis]));
        var centered = x - attributes.Along(mean, x);
        var dbias = Lax.ReduceSum(dy, others);
        var dscale = rstd * Lax.ReduceSum(dy * centered, others);

        // Every term of dx is a number per channel times dy, x − mean or 1.
        var factor = attributes.Scale ? rstd * Wide.From(residuals[1]) : rstd;
        var onCentered = (2.0 * dvariance - factor * rstd * dscale) / count;
        var constant = (dmean - factor * dbias) / count;
        var dx = attributes.Along(factor, x) * dy + attributes.Along(onCentered, x) * centered + attributes.Along(constant, x);
        var results = new List<Tensor> { dx };
        if (attributes.Scale) results.Add(dscale);
        if (attributes.Bias) results.Add(dbias);
        return [.. results.Select((d, i) => Wide.To(d, operands[i].DType))];
    }
}
