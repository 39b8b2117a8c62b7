using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// The largest element of each window over the spatial axes of x, <c>[batch, …spatial, channels]</c>; padding is never chosen, and a NaN always. Backwards each cotangent goes
/// to the element that was chosen, the first of equals.
/// </summary>
internal sealed class MaxPoolDefinition : CompositeDefinition<PoolAttributes>
{
    public static MaxPoolDefinition Instance { get; } = new();

    public override string Name => "max_pool";

    public override CompositeSignature Signature { get; } = new(["x"], ["padding", "size", "strides"], ["y"], ["x"]);

    protected override ValueArray<OpParameter> Describe(PoolAttributes attributes) =>
    [
        new("padding", ConvolutionAttributes.Edges(attributes.Padding)), new("size", ConvolutionAttributes.Ints(attributes.Size)),
        new("strides", ConvolutionAttributes.Ints(attributes.Strides)),
    ];

    protected override Tensor[] Body(PoolAttributes attributes, Tensor[] operands) => [Lax.ReduceWindowMax(operands[0], attributes.Window)];

    protected override ForwardPass Forward(PoolAttributes attributes, Tensor[] operands) => new(Body(attributes, operands), operands);

    protected override Tensor[] Backward(PoolAttributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents) =>
        [Lax.SelectAndScatterAdd(cotangents[0], residuals[0], WindowSelection.Ge, attributes.Window)];
}
