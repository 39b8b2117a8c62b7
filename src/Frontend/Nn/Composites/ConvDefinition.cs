using BrainState.Differentiation;
using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// A convolution as networks define it, y[b, p, o] = Σ x[b, p · stride + q · dilation − padding, i] · kernel[q, i, o], for x <c>[batch, …spatial, channels]</c>, a kernel
/// <c>[…spatial, channels / groups, outputs]</c> and y <c>[batch, …spatial, outputs]</c>; see <see cref="ConvGeneralDilated"/>. Backwards both cotangents are convolutions again.
/// </summary>
internal sealed class ConvDefinition : CompositeDefinition<ConvolutionAttributes>
{
    public static ConvDefinition Instance { get; } = new();

    public override string Name => "conv";

    public override CompositeSignature Signature { get; } = new(["x", "kernel"], ["groups", "kernel_dilation", "padding", "strides"], ["y"], ["x", "kernel"]);

    protected override ValueArray<OpParameter> Describe(ConvolutionAttributes attributes) => attributes.Describe();

    protected override Tensor[] Body(ConvolutionAttributes attributes, Tensor[] operands) => [Lax.One(Op(attributes, operands[0].DType), operands)];

    protected override ForwardPass Forward(ConvolutionAttributes attributes, Tensor[] operands) => new(Body(attributes, operands), operands);

    protected override Tensor[] Backward(ConvolutionAttributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents)
    {
        var conv = Op(attributes, operands[0].DType);
        return
        [
            ConvolutionRules.Input(conv, cotangents[0], residuals[1], operands[0]),
            ConvolutionRules.Kernel(conv, cotangents[0], residuals[0], operands[1]),
        ];
    }

    private static ConvGeneralDilated Op(ConvolutionAttributes attributes, DType dtype)
    {
        var spatial = attributes.Strides.Count;
        var axes = Enumerable.Range(1, spatial);
        ValueArray<int> channelsLast = [0, spatial + 1, .. axes];
        return new(
            new(channelsLast, [spatial + 1, spatial, .. Enumerable.Range(0, spatial)], channelsLast), attributes.Strides, attributes.Padding,
            Enumerable.Repeat(1, spatial).ToValueArray(), attributes.KernelDilation, attributes.Groups, 1, dtype);
    }
}
