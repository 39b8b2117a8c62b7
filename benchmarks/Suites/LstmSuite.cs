using System.Globalization;
using BrainState.Nn;
using static BrainState.Transforms;

namespace BrainState.Benchmarks.Suites;

/// <summary>
/// A recurrent network through time: LSTM cell of 128 inputs and 256 units, batch 64, a scan over 100 steps, forward and backward, then a linear layer, cross-entropy and SGD.
/// The projection of the inputs is one product before the loop, as in the tuned PyTorch program.
/// </summary>
internal static class LstmSuite
{
    private const int Steps = 100, Batch = 64, Inputs = 128, Units = 256;

    /// <summary>The products of a step forward, and twice that back.</summary>
    private const double Flops = 3.0 * 2 * Batch * (Inputs + Units) * 4 * Units * Steps;

    public static void Run(Session session)
    {
        var network = new Network();
        var x = Rng.Normal(Rng.PrngKey(1), [Steps, Batch, Inputs]);
        Tensor y = Enumerable.Range(0, Batch).Select(static i => i * 7 % 10).ToArray();
        var (step, forward) = (Jit(network.Step()), Jit((Tensor x) => network.Call(x)));
        string Rate(double flops, Measuring.Figure f) => string.Create(CultureInfo.InvariantCulture, $"{flops / f.Median / 1e9:F0} GFLOP/s");
        session.Compare("lstm-step: LSTM 128 → 256, batch 64, 100 steps, SGD", f => Rate(Flops, f),
            [Session.Dropping("BrainState Jit, Grad, Scan", () => step(x, y))],
            static torch =>
            [
                torch.Case("lstm", "hoisted", "eager, hoisted projection", isBaseline: true),
                torch.Case("lstm", "script", "jit.script, hoisted projection"),
                torch.Case("lstm", "library", "nn.LSTM"),
            ]);
        session.Compare("lstm-forward: the same without derivatives", f => Rate(Flops / 3, f),
            [Session.Dropping("BrainState Jit, Scan", () => forward(x))],
            static torch => [torch.Case("lstm", "hoisted_forward", "eager, hoisted projection, no_grad", isBaseline: true), torch.Case("lstm", "library_forward", "nn.LSTM, no_grad")]);
    }

    private sealed class Network : Module
    {
        private readonly FlattedDict<ParamState> parameters;
        private readonly Sgd optimizer;

        public Network()
        {
            var keys = Rng.Split(Rng.PrngKey(0), 3);
            InputWeight = new(Rng.Normal(keys[0], [Inputs, 4 * Units]) * 0.05);
            Weight = new(Rng.Normal(keys[1], [Units, 4 * Units]) * 0.05);
            OutputWeight = new(Rng.Normal(keys[2], [Units, 10]) * 0.05);
            parameters = States<ParamState>();
            optimizer = new Sgd(1e-2).RegisterTrainableWeights(parameters);
        }

        public ParamState InputWeight { get; }

        public ParamState Weight { get; }

        public ParamState Bias { get; } = new(Np.Zeros([4 * Units]));

        public ParamState OutputWeight { get; }

        public ParamState OutputBias { get; } = new(Np.Zeros([10]));

        public Func<Tensor, Tensor, Tensor> Step() => (x, y) =>
        {
            var (gradients, loss) = Grad(() => Np.Mean(Functional.SoftmaxCrossEntropyWithIntegerLabels(Call(x), y))).Of(parameters).WithValue().Invoke();
            optimizer.Update(gradients);
            return loss;
        };

        public Tensor Call(Tensor x)
        {
            var projected = x.MatMul(InputWeight.Value) + Bias.Value;
            var start = (H: Np.Zeros([Batch, Units]), C: Np.Zeros([Batch, Units]));
            var (last, _) = Scan((s, p) => (Cell(s, p), default(ValueTuple)), start, projected);
            return last.H.MatMul(OutputWeight.Value) + OutputBias.Value;
        }

        private (Tensor H, Tensor C) Cell((Tensor H, Tensor C) state, Tensor projected)
        {
            var z = projected + state.H.MatMul(Weight.Value);
            Tensor Gate(int i) => z[.., (i * Units)..((i + 1) * Units)];
            var c = Functional.Sigmoid(Gate(1)) * state.C + Functional.Sigmoid(Gate(0)) * Np.Tanh(Gate(2));
            return (Functional.Sigmoid(Gate(3)) * Np.Tanh(c), c);
        }
    }
}
