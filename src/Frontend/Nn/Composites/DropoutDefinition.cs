using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// y = x / keep where a draw in [0, 1) is below the probability keep, 0 elsewhere. The draws are float32 uniforms of the key, for x with size 1 along the broadcast axes, so
/// that one draw decides for all elements along these. Backwards dx = dy / keep where x was kept. N. Srivastava et al., Dropout (2014).
/// </summary>
internal sealed class DropoutDefinition : CompositeDefinition<DropoutDefinition.Attributes>
{
    public static DropoutDefinition Instance { get; } = new();

    public override string Name => "dropout";

    public override CompositeSignature Signature { get; } = new(["x", "key"], ["broadcast_axes", "keep"], ["y"], ["mask"]);

    /// <param name="Keep">The probability of keeping an element, in [0, 1].</param>
    /// <param name="BroadcastAxes">The axes along which elements share a draw.</param>
    public readonly record struct Attributes(double Keep, ValueArray<int> BroadcastAxes);

    protected override ValueArray<OpParameter> Describe(Attributes attributes) =>
        [new("broadcast_axes", attributes.BroadcastAxes.Select(static axis => (object?)(long)axis).ToValueArray()), new("keep", attributes.Keep)];

    protected override Tensor[] Body(Attributes attributes, Tensor[] operands) => Forward(attributes, operands).Results;

    protected override ForwardPass Forward(Attributes attributes, Tensor[] operands)
    {
        var (x, key) = (operands[0], operands[1]);
        var shape = attributes.BroadcastAxes.Aggregate(x.Shape, static (shape, axis) => shape.With(axis, 1));
        var mask = Lax.Lt(Rng.Uniform(key, shape, dtype: DType.Float32), attributes.Keep);
        return new([Kept(x, mask, attributes)], [mask]);
    }

    protected override Tensor[] Backward(Attributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents) =>
        [Kept(cotangents[0], residuals[0], attributes)];

    private static Tensor Kept(Tensor x, Tensor mask, Attributes attributes) => Np.Where(mask, x / attributes.Keep, 0.0);
}
