namespace BrainState.Conformance.Gradients;

/// <summary>A function around one op, with shapes and a range for its float64 arguments.</summary>
internal sealed record OpCase(string Op, string Variant, Func<Tensor[], Tensor> Function, ValueArray<Shape> Shapes, double Low = -2, double High = 2)
{
    public IEnumerable<TensorSpec> Arguments => Shapes.Select(static shape => new TensorSpec(DType.Float64, shape));

    public override string ToString() => $"{Op} {Variant}";
}
