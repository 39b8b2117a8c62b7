using BrainState.Differentiation;
using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// A transposed convolution: what a convolution does to the cotangent of its input. y[b, p · stride + q · dilation − padding, o] is the sum of x[b, p, i] · kernel[q, o, i], for x
/// <c>[batch, …spatial, channels]</c>, a kernel <c>[…spatial, outputs, channels / groups]</c> and y <c>[batch, …spatial, outputs]</c>. Along an axis of n elements, y has (n − 1) · stride +
/// extent of the dilated kernel − padding; negative padding adds zeros. Backwards both cotangents are convolutions.
/// V. Dumoulin and F. Visin, A guide to convolution arithmetic for deep learning (2016).
/// </summary>
internal sealed class ConvTransposeDefinition : CompositeDefinition<ConvolutionAttributes>
{
    public static ConvTransposeDefinition Instance { get; } = new();

    public override string Name => "conv_transpose";

    public override CompositeSignature Signature { get; } = new(["x", "kernel"], ["groups", "kernel_dilation", "padding", "strides"], ["y"], ["x", "kernel"]);

    protected override ValueArray<OpParameter> Describe(ConvolutionAttributes attributes) => attributes.Describe();

    protected override Tensor[] Body(ConvolutionAttributes attributes, Tensor[] operands) =>
        [Lax.One(Op(attributes, operands[0].DType, operands[1].Shape), operands[0], Reversed(operands[1]))];

    protected override ForwardPass Forward(ConvolutionAttributes attributes, Tensor[] operands) => new(Body(attributes, operands), operands);

    protected override Tensor[] Backward(ConvolutionAttributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents)
    {
        var conv = Op(attributes, operands[0].DType, operands[1].Shape);
        return
        [
            ConvolutionRules.Input(conv, cotangents[0], Reversed(residuals[1]), operands[0]),
            Reversed(ConvolutionRules.Kernel(conv, cotangents[0], residuals[0], operands[1])),
        ];
    }

    private static Tensor Reversed(Tensor kernel) => Lax.Rev(kernel, ValueArray.Range(kernel.Rank - 2));

    /// <summary>The same as a convolution of x, spread out by the strides, with the reversed kernel.</summary>
    private static ConvGeneralDilated Op(ConvolutionAttributes attributes, DType dtype, Shape kernel)
    {
        var spatial = attributes.Strides.Count;
        ValueArray<int> channelsLast = [0, spatial + 1, .. Enumerable.Range(1, spatial)];
        var padding = attributes.Padding.Select((p, i) =>
        {
            var reach = (kernel[i] - 1) * attributes.KernelDilation[i];
            return new EdgePadding(reach - p.Low, reach - p.High);
        });
        return new(
            new(channelsLast, [spatial, spatial + 1, .. Enumerable.Range(0, spatial)], channelsLast), Enumerable.Repeat(1, spatial).ToValueArray(), padding.ToValueArray(),
            attributes.Strides, attributes.KernelDilation, attributes.Groups, 1, dtype);
    }
}
