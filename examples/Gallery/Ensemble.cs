using BrainState.Nn;
using static System.FormattableString;
using static BrainState.Transforms;

namespace BrainState.Examples.Gallery;

/// <summary>
/// An ensemble: VmapNewStates makes many models as one, whose States have one more axis, and Vmap2 runs a step written for one model on all of them. A filter says which States are mapped;
/// the data are shared. The spread of the predictions tells where the ensemble is uncertain.
/// </summary>
internal static class Ensemble
{
    private sealed class Network : Module
    {
        public ParamState W1 { get; } = new(Rng.Normal(0, 2, [1, 32]));

        public ParamState B1 { get; } = new(Rng.Normal(0, 1, [32]));

        public ParamState W2 { get; } = new(Rng.Normal(0, 0.2, [32, 1]));

        public Tensor Call(Tensor x) => Np.Tanh(x.MatMul(W1.Value) + B1.Value).MatMul(W2.Value);
    }

    public static void Run(TextWriter output, bool isSmall)
    {
        Rng.Seed(0);
        var models = isSmall ? 8 : 64;
        var ensemble = VmapNewStates(() => new Network(), models);
        var weights = ensemble.States<ParamState>();
        var optimizer = new Adam(1e-2).RegisterTrainableWeights(weights);

        var x = Rng.Uniform(Rng.PrngKey(1), [64, 1], -1, 1);
        var y = Np.Sin(3 * x);
        var mapped = new Vmap2Options { AxisSize = models, StateInAxes = [(0, typeof(ParamState))] };
        var gradients = Vmap2(() => Grad(() => Np.Mean(Np.Square(ensemble.Call(x) - y))).Of(weights).WithValue().Invoke(), mapped);
        var step = Jit(() =>
        {
            var (all, losses) = gradients();
            optimizer.Update(all);
            return losses;
        });
        var first = (float)Np.Mean(step());
        for (var i = 0; i < (isSmall ? 150 : 1000); i++) step();
        output.WriteLine(Invariant($"mean loss of {models} models {first:F3} -> {(float)Np.Mean(step()):F4}"));

        var predict = Jit((Tensor x) => Vmap2(() => ensemble.Call(x), mapped)());
        float Spread(float at) => (float)Np.Std(predict(Np.Full([1, 1], at)));
        output.WriteLine(Invariant($"spread of predictions at 0.0: {Spread(0):F3}, at 3.0: {Spread(3):F3}"));
    }
}
