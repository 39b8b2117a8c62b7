using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// loss = −Σ label · ln softmax(logits) along the last axis, for logits and labels <c>[…, classes]</c> of one dtype; 0 · ln 0 is 0. Backwards
/// dlogits = dloss · (softmax(logits) · Σ label − label) and dlabels = −dloss · ln softmax(logits).
/// </summary>
internal sealed class SoftCrossEntropyDefinition : CompositeDefinition<NoAttributes>
{
    public static SoftCrossEntropyDefinition Instance { get; } = new();

    public override string Name => "soft_cross_entropy";

    public override CompositeSignature Signature { get; } = new(["logits", "labels"], [], ["loss"], ["log_probabilities", "labels"]);

    protected override ValueArray<OpParameter> Describe(NoAttributes attributes) => [];

    protected override Tensor[] Body(NoAttributes attributes, Tensor[] operands) => Forward(attributes, operands).Results;

    protected override ForwardPass Forward(NoAttributes attributes, Tensor[] operands)
    {
        var (logits, labels, last) = (operands[0], operands[1], operands[0].Rank - 1);
        var logProbabilities = LogSoftmaxDefinition.LogProbabilities(Wide.From(logits), last);
        var loss = Lax.Neg(Lax.ReduceSum(Wide.From(labels) * Counted(logProbabilities, labels), [last]));
        return new([Wide.To(loss, logits.DType)], [Wide.To(logProbabilities, logits.DType), labels]);
    }

    protected override Tensor[] Backward(NoAttributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents)
    {
        var (logProbabilities, labels, last) = (Wide.From(residuals[0]), Wide.From(residuals[1]), operands[0].Rank - 1);
        var dloss = Np.ExpandDims(Wide.From(cotangents[0]), last);
        var dlogits = dloss * (Np.Exp(logProbabilities) * Wide.Sum(labels, [last]) - labels);
        var dlabels = -dloss * Counted(logProbabilities, labels);
        return [Wide.To(dlogits, operands[0].DType), Wide.To(dlabels, operands[1].DType)];
    }

    /// <summary>ln of probabilities, with 0 for ln 0 where the label is 0.</summary>
    private static Tensor Counted(Tensor logProbabilities, Tensor labels) =>
        Np.Where(Lax.Eq(labels, 0.0) & Lax.Eq(logProbabilities, double.NegativeInfinity), 0.0, logProbabilities);
}
