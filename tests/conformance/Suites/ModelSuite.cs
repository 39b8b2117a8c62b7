using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>Small models that are trained: everything together, for many steps.</summary>
internal static class ModelSuite
{
    /// <summary>The suite.</summary>
    public static ConformanceSuite Suite { get; } = new("models", "linear regression, MLP, LeNet, LSTM and variational autoencoder: 50 steps against stored losses; jit = eager; lanes", static _ =>
    [
        .. TrainedModel.All.Select(static model => Behaviors.Case($"models/{model.Name}/curve", _ => Curve(model))),
        .. TrainedModel.All.Select(static model => Behaviors.Case($"models/{model.Name}/eager", _ => Eager(model), isQuick: false)),
        Behaviors.Case("models/mlp/lanes", static _ => Lanes()),
    ]);

    private static Deviation Curve(TrainedModel model)
    {
        var losses = model.Train(DType.Float32).Run(TrainedModel.Steps);
        for (var step = 0; step < losses.Length; step++)
            Expect.Close($"the loss of step {step}", model.Curve[step], losses[step], model.Tolerance * (1 + Math.Abs(model.Curve[step])));
        Expect.That(losses[^1] < 0.8 * losses[0], $"the loss must fall, but went from {losses[0]:G4} to {losses[^1]:G4}");
        return new(losses.Zip(model.Curve, static (a, e) => Math.Abs(a - e) / Precision.Ulp(DType.Float32, 1 + Math.Abs(e))).Max());
    }

    private static void Eager(TrainedModel model)
    {
        const int Steps = 3;
        var (jitted, eager) = (model.Train(DType.Float32).Run(Steps), model.Train(DType.Float32).Run(Steps, isJitted: false));
        for (var step = 0; step < Steps; step++)
            Expect.Close($"the loss of step {step}, compiled op by op", jitted[step], eager[step], model.Tolerance * (1 + Math.Abs(jitted[step])));
    }

    /// <summary>Three perceptrons from three seeds, trained in lanes and one after the other.</summary>
    private static void Lanes()
    {
        const int Steps = 5;
        ulong[] seeds = [1, 2, 3];
        var data = Mlp.Data(DType.Float32);
        var alone = seeds.Select(seed => new Mlp(seed, DType.Float32)).ToArray();
        var all = new Mlp(1, DType.Float32);
        foreach (var (path, state) in all.States<ParamState>()) state.Value = Np.Stack([.. alone.Select(model => model.States<ParamState>()[path].Value)]);

        var losses = Vmap2(() => all.Loss(data), new() { AxisSize = seeds.Length, StateInAxes = [(0, typeof(ParamState))] });
        var together = new Training(() => Np.Sum(losses()), all, new Sgd(0.1));
        var step = Jit(() =>
        {
            var before = losses();
            together.Step();
            return before;
        });
        var single = alone.Select(model => new Training(() => model.Loss(data), model, new Sgd(0.1)).Run(Steps)).ToArray();
        for (var i = 0; i < Steps; i++)
        {
            var values = step().AsType(DType.Float64).ToArray<double>();
            for (var lane = 0; lane < seeds.Length; lane++) Expect.Close($"the loss of step {i} in lane {lane}", single[lane][i], values[lane], 1e-5);
        }
    }
}
