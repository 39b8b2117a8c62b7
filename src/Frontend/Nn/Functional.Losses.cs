using BrainState.Nn.Composites;

namespace BrainState.Nn;

/// <content>Losses.</content>
public static partial class Functional
{
    /// <summary>−ln softmax(logits)[label] for each row: logits <c>[…, classes]</c>, integer labels <c>[…]</c>. A label that is none of the classes has no loss and no gradient.</summary>
    /// <exception cref="ArgumentException">The labels are not integers, or do not fit the logits.</exception>
    public static Tensor SoftmaxCrossEntropyWithIntegerLabels(Tensor logits, Tensor labels)
    {
        if (!labels.DType.IsInteger || logits.Rank == 0 || labels.Shape != logits.Shape.Without([logits.Rank - 1]))
            throw new ArgumentException($"Logits {logits.Spec} need an integer label for each row, but the labels are {labels.Spec}.", nameof(labels));
        return CrossEntropyDefinition.Instance.Apply(default, Floating(logits, nameof(SoftmaxCrossEntropyWithIntegerLabels)), labels)[0];
    }

    /// <summary>−Σ label · ln softmax(logits) for each row: logits and labels <c>[…, classes]</c> are broadcast together. 0 · ln 0 is 0.</summary>
    public static Tensor SoftmaxCrossEntropy(Tensor logits, Tensor labels)
    {
        var type = Promotion.Of(Floating(logits, nameof(SoftmaxCrossEntropy)), labels).DType;
        var shape = Broadcasting.Of(logits.Shape, labels.Shape);
        if (shape.Rank == 0) throw new ArgumentException($"Logits need an axis of classes, but are {logits.Spec}.", nameof(logits));
        return SoftCrossEntropyDefinition.Instance.Apply(
            default, Broadcasting.To(Lax.ConvertElementType(logits, type), shape), Broadcasting.To(Lax.ConvertElementType(labels, type), shape))[0];
    }
}
