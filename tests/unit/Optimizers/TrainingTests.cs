using BrainState.Nn;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Optimizers;

/// <summary>Whole training loops.</summary>
public sealed class TrainingTests
{
    private sealed class Xor(int seed) : Module
    {
        private readonly ParamState hidden = new(Rng.Normal(Rng.PrngKey(seed), [2, 8]));
        private readonly ParamState bias = new(Np.Zeros([8]));
        private readonly ParamState output = new(Rng.Normal(Rng.PrngKey(seed + 1), [8, 2]));

        public Tensor Call(Tensor x) => Np.Tanh(x.MatMul(hidden.Value) + bias.Value).MatMul(output.Value);
    }

    [Fact]
    public void AdamLearnsXor()
    {
        var model = new Xor(1);
        Tensor x = new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } };
        Tensor labels = new[] { 0, 1, 1, 0 };
        var weights = model.States<ParamState>();
        var optimizer = new Adam(0.05).RegisterTrainableWeights(weights);
        var step = Jit(() =>
        {
            var (gradients, loss) = Grad(() => Np.Mean(Functional.SoftmaxCrossEntropyWithIntegerLabels(model.Call(x), labels))).Of(weights).WithValue().Invoke();
            optimizer.Update(gradients);
            return loss;
        });
        var first = (float)step();
        for (var i = 0; i < 200; i++) step();
        Assert.True((float)step() < 0.05f && first > 0.3f);
        Assert.Equal([0, 1, 1, 0], Np.ArgMax(model.Call(x), 1).ToArray<int>());
        Assert.Equal(1, JitFunction.Of(step).TraceCount);
    }
}
