using System.Globalization;
using BrainState.Benchmarks.Measuring;
using BrainState.Nn;
using BrainState.NumPy;
using static BrainState.Transforms;

namespace BrainState.Benchmarks.Suites;

/// <summary>The training step of the tutorial: 64×1 to 1, mean squared error, SGD.</summary>
internal static class LinearRegressionSuite
{
    public static void Run(Session session)
    {
        var (x, y, step) = TrainStep();
        session.Compare("linreg: a training step of the tutorial", static f => string.Create(CultureInfo.InvariantCulture, $"{1 / f.Median:F0} steps/s"),
            [
                Session.Dropping("BrainState Jit, Grad, Sgd", () => step(x, y)),
                Session.Disposing("BrainState, loss disposed", () => step(x, y)),
            ],
            static torch =>
            [
                torch.Case("linreg", "module", "module, autograd, optim.SGD", isBaseline: true),
                torch.Case("linreg", "functional", "autograd.grad, updates in place"),
                torch.Case("linreg", "script", "jit.script, gradients by hand"),
            ]);
    }

    /// <summary>The data and the jitted step.</summary>
    public static (Tensor X, Tensor Y, Func<Tensor, Tensor, Tensor> Step) TrainStep()
    {
        var random = Generator.Default(0);
        var x = Tensor.From<double>(random.Uniform(-1.0, 1.0, 64), [64, 1]).AsType(DType.Float32);
        var noise = Tensor.From<double>(random.Normal(0.0, 0.1, 64), [64, 1]).AsType(DType.Float32);
        var model = new LinearModel();
        var weights = model.States<ParamState>();
        var optimizer = new Sgd(learningRate: 1e-1).RegisterTrainableWeights(weights);
        return (x, 3.0 * x + 1.0 + noise, Jit((Tensor x, Tensor y) =>
        {
            var (grads, loss) = Grad(() => Np.Mean(Np.Square(model.Call(x) - y))).Of(weights).WithValue().Invoke();
            optimizer.Update(grads);
            return loss;
        }));
    }

    private sealed class LinearModel : Module
    {
        public ParamState Weight { get; } = new(Rng.Normal(Rng.PrngKey(0), [1, 1]));

        public ParamState Bias { get; } = new(Rng.Normal(Rng.PrngKey(1), [1]));

        public Tensor Call(Tensor x) => x.MatMul(Weight.Value) + Bias.Value;
    }
}
