using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// y = x · Φ(x), with Φ the normal distribution; approximately y = x · σ(2u) with u = √(2/π) · (x + 0.044715 · x³), which is the usual ½ · x · (1 + tanh u) without its
/// cancellation. Backwards dx = dy · (Φ(x) + x · Φ′(x)). D. Hendrycks and K. Gimpel, Gaussian error linear units (2016).
/// </summary>
internal sealed class GeluDefinition : CompositeDefinition<GeluDefinition.Attributes>
{
    /// <summary>Beyond this the approximate Φ is 0 or 1 in every dtype; x³ could overflow much farther out.</summary>
    private const double Saturation = 32;

    private const double Cubic = 0.044715;

    public static GeluDefinition Instance { get; } = new();

    public override string Name => "gelu";

    public override CompositeSignature Signature { get; } = new(["x"], ["approximate"], ["y"], ["x"]);

    /// <param name="Approximate">Whether Φ is approximated by a logistic function.</param>
    public readonly record struct Attributes(bool Approximate);

    protected override ValueArray<OpParameter> Describe(Attributes attributes) => [new("approximate", attributes.Approximate)];

    protected override Tensor[] Body(Attributes attributes, Tensor[] operands)
    {
        var x = Wide.From(operands[0]);
        return [Wide.To(x * (attributes.Approximate ? Logistic(Inner(x)) : Normal(x)), operands[0].DType)];
    }

    protected override ForwardPass Forward(Attributes attributes, Tensor[] operands) => new(Body(attributes, operands), operands);

    protected override Tensor[] Backward(Attributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents)
    {
        var (x, dy) = (Wide.From(residuals[0]), Wide.From(cotangents[0]));
        Tensor slope;
        if (attributes.Approximate)
        {
            var z = Inner(x);
            var (below, above) = (Logistic(z), Logistic(-z));
            slope = below + z * below * above * (Math.Sqrt(8 / Math.PI) * (1.0 + 3 * Cubic * Np.Square(z)));
        }
        else
        {
            slope = Normal(x) + x * (Np.Exp(Np.Square(x) * -0.5) * (1 / Math.Sqrt(2 * Math.PI)));
        }
        return [Wide.To(dy * slope, operands[0].DType)];
    }

    private static Tensor Normal(Tensor x) => Lax.Erfc(x * -Math.Sqrt(0.5)) * 0.5;

    private static Tensor Logistic(Tensor z) => Lax.Logistic(Math.Sqrt(8 / Math.PI) * (z + Cubic * (z * Np.Square(z))));

    private static Tensor Inner(Tensor x) => Lax.Clamp(-Saturation, x, Saturation);
}
