using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// loss = −ln softmax(logits)[label] along the last axis, for logits <c>[…, classes]</c> and integer labels <c>[…]</c>. A label that is none of the classes
/// has no loss and no gradient. Backwards dlogits = dloss · (softmax(logits) − one_hot(label)).
/// </summary>
internal sealed class CrossEntropyDefinition : CompositeDefinition<NoAttributes>
{
    public static CrossEntropyDefinition Instance { get; } = new();

    public override string Name => "cross_entropy";

    public override CompositeSignature Signature { get; } = new(["logits", "labels"], [], ["loss"], ["log_probabilities", "labels"]);

    /// <summary>Where along a new last axis each index points.</summary>
    public static Tensor Hot(Tensor indices, int classCount)
    {
        // In a narrow dtype, the numbers of many classes would wrap around.
        if (indices.DType.Size < sizeof(int)) indices = Lax.ConvertElementType(indices, DType.Int32);
        Shape shape = [.. indices.Shape, classCount];
        return Lax.Eq(Lax.BroadcastInDim(indices, shape, ValueArray.Range(indices.Rank)), Lax.Iota(indices.DType, shape, indices.Rank));
    }

    protected override ValueArray<OpParameter> Describe(NoAttributes attributes) => [];

    protected override Tensor[] Body(NoAttributes attributes, Tensor[] operands) => Forward(attributes, operands).Results;

    protected override ForwardPass Forward(NoAttributes attributes, Tensor[] operands)
    {
        var (logits, labels) = (operands[0], operands[1]);
        var logProbabilities = LogSoftmaxDefinition.LogProbabilities(Wide.From(logits), labels.Rank);
        // Selected rather than multiplied: the classes that do not count may have ln 0.
        var picked = Np.Where(Hot(labels, logits.Shape[^1]), logProbabilities, 0.0);
        var loss = Lax.Neg(Lax.ReduceSum(picked, [labels.Rank]));
        return new([Wide.To(loss, logits.DType)], [Wide.To(logProbabilities, logits.DType), labels]);
    }

    protected override Tensor[] Backward(NoAttributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents)
    {
        var (logProbabilities, hot) = (Wide.From(residuals[0]), Hot(residuals[1], operands[0].Shape[^1]));
        var last = operands[1].Rank;
        var isClass = Np.ExpandDims(Lax.ReduceOr(hot, [last]), last);
        var dloss = Np.Where(isClass, Np.ExpandDims(Wide.From(cotangents[0]), last), 0.0);
        var probabilities = Np.Exp(logProbabilities);
        return [Wide.To(dloss * Np.Where(hot, probabilities - 1.0, probabilities), operands[0].DType)];
    }
}
