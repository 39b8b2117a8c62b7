using BrainState.Nn;
using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>Gradients of small models, in every element against differences.</summary>
public sealed class ModelGradientTests
{
    private sealed class Mlp(Draw draw) : Module
    {
        private readonly ParamState[] layers =
            [new(draw.Doubles([3, 4])), new(draw.Doubles([4])), new(draw.Doubles([4, 2])), new(draw.Doubles([2]))];

        public Tensor Call(Tensor x) => Np.Tanh(x.MatMul(layers[0].Value) + layers[1].Value).MatMul(layers[2].Value) + layers[3].Value;
    }

    private sealed class Rnn(Draw draw) : Module
    {
        private readonly ParamState input = new(draw.Doubles([2, 3]));
        private readonly ParamState recurrent = new(draw.Doubles([3, 3], -0.7, 0.7));
        private readonly ParamState bias = new(draw.Doubles([3]));

        public HiddenState Hidden { get; } = new(Np.Zeros([4, 3], DType.Float64));

        public Tensor Call(Tensor sequence)
        {
            for (var t = 0; t < sequence.Shape[0]; t++)
                Hidden.Value = Np.Tanh(sequence[t].MatMul(input.Value) + Hidden.Value.MatMul(recurrent.Value) + bias.Value);
            return Hidden.Value;
        }
    }

    [Fact]
    public void AnMlpWithCrossEntropy()
    {
        var draw = new Draw(1);
        var model = new Mlp(draw);
        var (x, labels) = (draw.Doubles([5, 3]), Tensor.From<int>([0, 1, 1, 0, 1]));
        CheckEveryWeight(model, () => Np.Mean(Functional.SoftmaxCrossEntropyWithIntegerLabels(model.Call(x), labels)));
    }

    [Fact]
    public void ARecurrentNetworkOverFiveSteps()
    {
        var draw = new Draw(2);
        var model = new Rnn(draw);
        var sequence = draw.Doubles([5, 4, 2]);
        CheckEveryWeight(model, () =>
        {
            model.Hidden.Value = Np.Zeros([4, 3], DType.Float64);
            return Np.Mean(Np.Square(model.Call(sequence) - 0.5));
        });
    }

    [Fact]
    public void GradientsByAHiddenStateAreThoseOfItsFirstValue()
    {
        var draw = new Draw(3);
        var model = new Rnn(draw);
        var sequence = draw.Doubles([2, 4, 2]);
        var start = model.Hidden.Value;
        Tensor Loss(Tensor hidden)
        {
            model.Hidden.Value = hidden;
            return Np.Sum(model.Call(sequence));
        }
        var byArgument = Grad((Tensor h) => Loss(h)).Invoke(start);
        model.Hidden.Value = start;
        var byState = Grad(() => Np.Sum(model.Call(sequence))).Of(model.Hidden).Invoke();
        Approximately.Same(byArgument, byState, 1e-14);
    }

    private static void CheckEveryWeight(Module model, Func<Tensor> loss)
    {
        var weights = model.States<ParamState>();
        var (gradients, value) = Jit(Grad(loss).Of(weights).WithValue())();
        Approximately.Equal((double)loss(), value, 1e-12);
        var evaluate = Jit(loss);
        foreach (var (path, weight) in weights)
        {
            var original = weight.Value;
            var elements = original.ToArray<double>();
            var differences = elements.Select((_, i) =>
            {
                double At(double step)
                {
                    var moved = (double[])elements.Clone();
                    moved[i] += step;
                    weight.Value = Tensor.From<double>(moved, original.Shape);
                    return (double)evaluate();
                }
                return (At(1e-5) - At(-1e-5)) / 2e-5;
            }).ToArray();
            weight.Value = original;
            Approximately.Equal(differences, gradients[path].Doubles(), 1e-8, path.ToString());
        }
        Assert.Equal(1, JitFunction.Of(evaluate).TraceCount);
    }
}
