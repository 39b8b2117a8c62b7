using BrainState.Nn;
using BrainState.NumPy;
using static BrainState.Transforms;

namespace BrainState.Benchmarks.Suites;

/// <summary>A perceptron 784-512-512-10 with its training step: batch 128, softmax cross-entropy, Adam.</summary>
internal sealed class Mlp : Module
{
    public const int Batch = 128;

    private static readonly int[] Widths = [784, 512, 512, 10];

    private readonly FlattedDict<ParamState> parameters;
    private readonly Adam optimizer;

    public Mlp()
    {
        var keys = Rng.Split(Rng.PrngKey(0), Widths.Length - 1);
        for (var i = 0; i < Widths.Length - 1; i++)
        {
            Weights.Add(new(Rng.Normal(keys[i], [Widths[i], Widths[i + 1]]) * Math.Sqrt(1.0 / Widths[i])));
            Biases.Add(new(Np.Zeros([Widths[i + 1]])));
        }
        parameters = States<ParamState>();
        optimizer = new Adam(1e-3).RegisterTrainableWeights(parameters);
    }

    /// <summary>The arithmetic of a step: three products a layer, but for the first one's gradient by its input.</summary>
    public static double FlopsPerStep { get; } = 2.0 * Batch * (2 * 784 * 512 + 3 * 512 * 512 + 3 * 512 * 10);

    public List<ParamState> Weights { get; } = [];

    public List<ParamState> Biases { get; } = [];

    public static (Tensor X, Tensor Y) Data()
    {
        var random = Generator.Default(0);
        var x = Tensor.From<double>(random.Normal(0.0, 1.0, Batch * Widths[0]), [Batch, Widths[0]]).AsType(DType.Float32);
        return (x, Enumerable.Range(0, Batch).Select(static i => i * 7 % 10).ToArray());
    }

    /// <summary>The training step, not jitted.</summary>
    /// <param name="scale">A factor of the loss; another factor makes another program.</param>
    public Func<Tensor, Tensor, Tensor> Step(double scale = 1) => (x, y) =>
    {
        var (grads, loss) = Grad(() => scale * Np.Mean(Functional.SoftmaxCrossEntropyWithIntegerLabels(Call(x), y))).Of(parameters).WithValue().Invoke();
        optimizer.Update(grads);
        return loss;
    };

    private Tensor Call(Tensor x)
    {
        for (var i = 0; i < Weights.Count; i++)
        {
            x = x.MatMul(Weights[i].Value) + Biases[i].Value;
            if (i < Weights.Count - 1) x = Functional.Relu(x);
        }
        return x;
    }
}
