using BrainState.Nn;
using BrainState.NumPy;

namespace BrainState.Conformance;

/// <summary>The model of the tutorial.</summary>
internal sealed class LinearRegression : Module
{
    public LinearRegression(DType dtype = DType.Float32)
    {
        var (k1, k2) = Rng.Split(Rng.PrngKey(0));
        Weight = new ParamState(Rng.Normal(k1, [1, 1], dtype: DType.Float32).AsType(dtype));
        Bias = new ParamState(Rng.Normal(k2, [1], dtype: DType.Float32).AsType(dtype));
    }

    public ParamState Weight { get; }

    public ParamState Bias { get; }

    public Tensor Call(Tensor x) => x.MatMul(Weight.Value) + Bias.Value;

    /// <summary>y = 3x + 1 and a little noise.</summary>
    public static (Tensor X, Tensor Y) Data(DType dtype = DType.Float32)
    {
        const int Count = 64;
        var generator = Generator.Default(0);
        Tensor Column(double[] values) => Tensor.From<float>([.. values.Select(static v => (float)v)], [Count, 1]);
        var (x, noise) = (Column(generator.Uniform(-1, 1, Count)), Column(generator.Normal(0, 0.1, Count)));
        return (x.AsType(dtype), (3.0 * x + 1.0 + noise).AsType(dtype));
    }

    public static Training Train(DType dtype = DType.Float32)
    {
        var (model, (x, y)) = (new LinearRegression(dtype), Data(dtype));
        return new(() => Np.Mean(Np.Square(model.Call(x) - y)), model, new Sgd(learningRate: 1e-1));
    }
}
