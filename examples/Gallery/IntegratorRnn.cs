using BrainState.Nn;
using static System.FormattableString;
using static BrainState.Transforms;

namespace BrainState.Examples.Gallery;

/// <summary>A recurrent network learns to output the integral of a noisy input: a scan over time inside a gradient inside a compiled training step.</summary>
internal static class IntegratorRnn
{
    private const int Batch = 32, Steps = 25;
    private const double Dt = 1.0 / Steps;

    private sealed class Rnn(int units) : Module
    {
        public ParamState Input { get; } = new(Rng.Normal(0, 1, [1, units]));

        public ParamState Recurrent { get; } = new(Rng.Normal(0, 0.9 / Math.Sqrt(units), [units, units]));

        public ParamState Bias { get; } = new(Np.Zeros([units]));

        public ParamState Output { get; } = new(Rng.Normal(0, 1 / Math.Sqrt(units), [units, 1]));

        /// <summary>Outputs [time, batch, 1] for inputs [time, batch, 1].</summary>
        public Tensor Call(Tensor inputs) => Scan((Tensor h, Tensor x) =>
        {
            h = Np.Tanh(x.MatMul(Input.Value) + h.MatMul(Recurrent.Value) + Bias.Value);
            return (h, h.MatMul(Output.Value));
        }, Np.Zeros([Batch, units]), inputs).Results;
    }

    public static void Run(TextWriter output, bool isSmall)
    {
        Rng.Seed(0);
        var model = new Rnn(isSmall ? 24 : 100);
        var weights = model.States<ParamState>();
        var optimizer = new Adam(5e-3).RegisterTrainableWeights(weights);

        // White noise around a level that each sequence has of its own; the target is the running integral. Every step draws anew.
        var step = Jit(() =>
        {
            var level = Rng.Default.Normal(size: [1, Batch, 1]);
            var inputs = level + 0.5 * Rng.Default.Normal(size: [Steps, Batch, 1]);
            var targets = Np.CumSum(inputs, 0) * Dt;
            var (gradients, loss) = Grad(() => Np.Mean(Np.Square(model.Call(inputs) - targets))).Of(weights).WithValue().Invoke();
            optimizer.Update(gradients);
            return loss;
        });

        var first = (float)step();
        for (var i = 0; i < (isSmall ? 300 : 1000); i++) step();
        var last = Enumerable.Range(0, 10).Average(_ => (float)step());
        output.WriteLine(Invariant($"loss {first:F3} -> {last:F4}"));
    }
}
