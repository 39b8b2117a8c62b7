using BrainState.NumPy;

namespace BrainState.Conformance;

/// <summary>Weights and data from a seed: float32 numbers, in whatever dtype a model computes, so that all begin with the same.</summary>
internal sealed class Draw(ulong seed, DType dtype)
{
    private readonly Generator generator = Generator.Default(seed);

    public Tensor Normal(Shape shape, double deviation = 1) =>
        Tensor.From<float>([.. generator.Normal(0, deviation, (int)shape.ElementCount).Select(static v => (float)v)], shape).AsType(dtype);

    /// <summary>Weights whose products with as many inputs have about the size of the inputs.</summary>
    public ParamState Weight(Shape shape, int inputs) => new(Normal(shape, 1 / Math.Sqrt(inputs)));

    public ParamState Bias(int size) => new(Np.Zeros([size], dtype));

    public Tensor Uniform(Shape shape) => Tensor.From<float>([.. generator.Uniform(0, 1, (int)shape.ElementCount).Select(static v => (float)v)], shape).AsType(dtype);
}
