using System.Globalization;
using BrainState.Nn;
using BrainState.NumPy;
using static BrainState.Transforms;

namespace BrainState.Benchmarks.Suites;

/// <summary>A training step of LeNet-5: batch 64 of 28×28, softmax cross-entropy, SGD with momentum.</summary>
internal static class LeNetSuite
{
    private const int Batch = 64;

    public static void Run(Session session)
    {
        var random = Generator.Default(0);
        var x = Tensor.From<double>(random.Normal(0.0, 1.0, Batch * 28 * 28), [Batch, 28, 28, 1]).AsType(DType.Float32);
        Tensor y = Enumerable.Range(0, Batch).Select(static i => i * 7 % 10).ToArray();
        var model = new LeNet();
        var parameters = model.States<ParamState>();
        var optimizer = new Sgd(learningRate: 1e-2, momentum: 0.9).RegisterTrainableWeights(parameters);
        var step = Jit((Tensor x, Tensor y) =>
        {
            var (grads, loss) = Grad(() => Np.Mean(Functional.SoftmaxCrossEntropyWithIntegerLabels(model.Call(x), y))).Of(parameters).WithValue().Invoke();
            optimizer.Update(grads);
            return loss;
        });
        session.Compare("lenet: LeNet-5, batch 64, cross-entropy, SGD with momentum", static f => string.Create(CultureInfo.InvariantCulture, $"{Batch / f.Median:F0} images/s"),
            [Session.Dropping("BrainState Jit, Grad, Sgd", () => step(x, y))],
            static torch =>
            [
                torch.Case("lenet", "eager", "eager, optim.SGD(momentum)", isBaseline: true),
                torch.Case("lenet", "trace", "jit.trace, optim.SGD(momentum)"),
            ]);
    }

    private sealed class LeNet : Module
    {
        private static readonly Tensor Keys = Rng.Split(Rng.PrngKey(0), 5);

        public ParamState FirstKernel { get; } = Weight(0, 5, 5, 1, 6);

        public ParamState SecondKernel { get; } = Weight(1, 5, 5, 6, 16);

        public List<ParamState> Weights { get; } = [Weight(2, 400, 120), Weight(3, 120, 84), Weight(4, 84, 10)];

        public List<ParamState> Biases { get; } = [.. ((int[])[6, 16, 120, 84, 10]).Select(static n => new ParamState(Np.Zeros([n])))];

        public Tensor Call(Tensor x)
        {
            x = Functional.MaxPool(Functional.Relu(Functional.Conv(x, FirstKernel.Value) + Biases[0].Value), [2, 2]);
            x = Functional.MaxPool(Functional.Relu(Functional.Conv(x, SecondKernel.Value, padding: Padding.Valid) + Biases[1].Value), [2, 2]);
            x = x.Reshape(Batch, -1);
            x = Functional.Relu(x.MatMul(Weights[0].Value) + Biases[2].Value);
            x = Functional.Relu(x.MatMul(Weights[1].Value) + Biases[3].Value);
            return x.MatMul(Weights[2].Value) + Biases[4].Value;
        }

        private static ParamState Weight(int key, params int[] shape) =>
            new(Rng.Normal(Keys[key], shape) * Math.Sqrt(1.0 / shape[..^1].Aggregate(static (count, size) => count * size)));
    }
}
