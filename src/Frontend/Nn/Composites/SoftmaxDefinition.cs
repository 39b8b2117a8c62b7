using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// y = eˣ / Σ eˣ along an axis. The largest element is subtracted first: that changes nothing but avoids overflow. Where all elements are −∞, or one
/// is +∞, y is NaN. Backwards dx = y · (dy − Σ dy · y).
/// </summary>
internal sealed class SoftmaxDefinition : CompositeDefinition<SoftmaxDefinition.Attributes>
{
    public static SoftmaxDefinition Instance { get; } = new();

    public override string Name => "softmax";

    public override CompositeSignature Signature { get; } = new(["x"], ["axis"], ["y"], ["y"]);

    /// <param name="Axis">The axis along which y adds up to 1, counted from the front.</param>
    public readonly record struct Attributes(int Axis);

    protected override ValueArray<OpParameter> Describe(Attributes attributes) => [new("axis", (long)attributes.Axis)];

    protected override Tensor[] Body(Attributes attributes, Tensor[] operands)
    {
        var x = Wide.From(operands[0]);
        var exponentials = Np.Exp(x - Wide.Largest(x, [attributes.Axis]));
        return [Wide.To(exponentials / Wide.Sum(exponentials, [attributes.Axis]), operands[0].DType)];
    }

    protected override ForwardPass Forward(Attributes attributes, Tensor[] operands)
    {
        var y = Body(attributes, operands);
        return new(y, y);
    }

    protected override Tensor[] Backward(Attributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents)
    {
        var (y, dy) = (Wide.From(residuals[0]), Wide.From(cotangents[0]));
        return [Wide.To(y * (dy - Wide.Sum(y * dy, [attributes.Axis])), operands[0].DType)];
    }
}
