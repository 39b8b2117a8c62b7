using BrainState.Differentiation;
using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// The mean of each window over the spatial axes of x, <c>[batch, …spatial, channels]</c>: of the elements under it, or counting padding as zeros. Backwards each
/// cotangent is divided among the elements under its window. A window over padding alone gives NaN unless padding counts.
/// </summary>
internal sealed class AvgPoolDefinition : CompositeDefinition<PoolAttributes>
{
    public static AvgPoolDefinition Instance { get; } = new();

    public override string Name => "avg_pool";

    public override CompositeSignature Signature { get; } = new(["x"], ["count_padding", "padding", "size", "strides"], ["y"], []);

    protected override ValueArray<OpParameter> Describe(PoolAttributes attributes) =>
    [
        new("count_padding", attributes.CountPadding), new("padding", ConvolutionAttributes.Edges(attributes.Padding)),
        new("size", ConvolutionAttributes.Ints(attributes.Size)), new("strides", ConvolutionAttributes.Ints(attributes.Strides)),
    ];

    protected override Tensor[] Body(PoolAttributes attributes, Tensor[] operands)
    {
        var x = Wide.From(operands[0]);
        return [Wide.To(Lax.ReduceWindowSum(x, attributes.Window) / Counts(attributes, x.Spec), operands[0].DType)];
    }

    protected override ForwardPass Forward(PoolAttributes attributes, Tensor[] operands) => new(Body(attributes, operands), []);

    protected override Tensor[] Backward(PoolAttributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents)
    {
        var dy = Wide.From(cotangents[0]);
        if (dy.Size == 0) return [Lax.Full(operands[0].Shape, 0, operands[0].DType)];
        var share = dy / Counts(attributes, new(dy.DType, operands[0].Shape));
        return [Wide.To(Lax.ReduceWindowSum(share, WindowRules.Transposed(attributes.Window, operands[0].Shape, dy.Shape)), operands[0].DType)];
    }

    /// <summary>By how much each window is divided: a number, or if some lie partly over padding a tensor that stretches to all.</summary>
    private static Tensor Counts(PoolAttributes attributes, TensorSpec x)
    {
        if (attributes.CountPadding || attributes.Padding.All(static p => p is { Low: <= 0, High: <= 0 }))
            return (double)attributes.Size.Aggregate(1L, static (count, size) => count * size);
        var one = Lax.Full(x.Shape.With(0, 1).With(x.Rank - 1, 1), 1, x.DType);
        return Lax.ReduceWindowSum(one, attributes.Window);
    }
}
