using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>y = x − ln Σ eˣ along an axis, accurate for small probabilities; extreme elements as in softmax. Backwards dx = dy − eʸ · Σ dy.</summary>
internal sealed class LogSoftmaxDefinition : CompositeDefinition<SoftmaxDefinition.Attributes>
{
    public static LogSoftmaxDefinition Instance { get; } = new();

    public override string Name => "log_softmax";

    public override CompositeSignature Signature { get; } = new(["x"], ["axis"], ["y"], ["y"]);

    /// <summary>ln softmax along an axis.</summary>
    public static Tensor LogProbabilities(Tensor x, int axis)
    {
        var shifted = x - Wide.Largest(x, [axis]);
        return shifted - Np.Log(Wide.Sum(Np.Exp(shifted), [axis]));
    }

    protected override ValueArray<OpParameter> Describe(SoftmaxDefinition.Attributes attributes) => [new("axis", (long)attributes.Axis)];

    protected override Tensor[] Body(SoftmaxDefinition.Attributes attributes, Tensor[] operands) =>
        [Wide.To(LogProbabilities(Wide.From(operands[0]), attributes.Axis), operands[0].DType)];

    protected override ForwardPass Forward(SoftmaxDefinition.Attributes attributes, Tensor[] operands)
    {
        var y = Body(attributes, operands);
        return new(y, y);
    }

    protected override Tensor[] Backward(SoftmaxDefinition.Attributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents)
    {
        var (y, dy) = (Wide.From(residuals[0]), Wide.From(cotangents[0]));
        return [Wide.To(dy - Np.Exp(y) * Wide.Sum(dy, [attributes.Axis]), operands[0].DType)];
    }
}
