using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Optimizers;

/// <summary>Optimisers against the recurrences of their papers, in float64.</summary>
public sealed class OptimizerTests
{
    private const double Rate = 0.125; // Exact in float32, the dtype of learning rates.

    private static readonly double[] Start = [1, -2, 0.5];

    /// <summary>A rule for one element: weight, gradient and number of the step, counted from 1, to the new weight.</summary>
    private delegate double Rule(double weight, double gradient, int step);

    public static TheoryData<string> Rules => ["sgd", "decay", "clip value", "momentum", "nesterov", "momentum and decay", "adam", "adam with decay", "adam with betas", "adamw"];

    private static (Func<Optimizer> Create, Func<Rule> Rule) Case(string name) => name switch
    {
        "sgd" => (() => new Sgd(Rate), () => static (w, g, _) => w - Rate * g),
        "decay" => (() => new Sgd(Rate, options: new() { WeightDecay = 0.25 }), () => static (w, g, _) => w - Rate * (g + 0.25 * w)),
        "clip value" => (() => new Sgd(Rate, options: new() { ClipValue = 0.5, WeightDecay = 0.25 }), () => static (w, g, _) => w - Rate * (Math.Clamp(g, -0.5, 0.5) + 0.25 * w)),
        "momentum" => (() => new Sgd(Rate, momentum: 0.9), () => Momentum(0.9, false, 0)),
        "nesterov" => (() => new Sgd(Rate, momentum: 0.9, nesterov: true), () => Momentum(0.9, true, 0)),
        "momentum and decay" => (() => new Sgd(Rate, momentum: 0.5, options: new() { WeightDecay = 0.1 }), () => Momentum(0.5, false, 0.1)),
        "adam" => (() => new Adam(Rate), () => Adam(0.9, 0.999, 1e-8, 0, 0)),
        "adam with decay" => (() => new Adam(Rate, options: new() { WeightDecay = 0.1 }), () => Adam(0.9, 0.999, 1e-8, 0.1, 0)),
        "adam with betas" => (() => new Adam(Rate, 0.5, 0.75, 1e-3), () => Adam(0.5, 0.75, 1e-3, 0, 0)),
        _ => (() => new AdamW(Rate, weightDecay: 0.2), () => Adam(0.9, 0.999, 1e-8, 0, 0.2)),
    };

    private static Rule Momentum(double momentum, bool nesterov, double decay)
    {
        var velocity = 0.0;
        return (w, g, _) =>
        {
            g += decay * w;
            velocity = g + momentum * velocity;
            return w - Rate * (nesterov ? g + momentum * velocity : velocity);
        };
    }

    private static Rule Adam(double beta1, double beta2, double epsilon, double decay, double decoupled)
    {
        var (m, v) = (0.0, 0.0);
        return (w, g, t) =>
        {
            g += decay * w;
            m = beta1 * m + (1 - beta1) * g;
            v = beta2 * v + (1 - beta2) * g * g;
            var direction = m / (1 - Math.Pow(beta1, t)) / (Math.Sqrt(v / (1 - Math.Pow(beta2, t))) + epsilon);
            return w - Rate * (direction + decoupled * w);
        };
    }

    private static double GradientAt(double w, int step, int element) => 2 * w + Math.Sin(step + element);

    [Theory]
    [MemberData(nameof(Rules))]
    public void TheRuleIsThatOfThePaper(string name)
    {
        var (create, rule) = Case(name);
        var weight = new ParamState(Tensor.From<double>(Start));
        var optimizer = create().RegisterTrainableWeights((ParamState[])[weight]);
        var (expected, rules) = ((double[])Start.Clone(), Start.Select(_ => rule()).ToArray());
        for (var step = 1; step <= 8; step++)
        {
            var gradient = expected.Select((w, i) => GradientAt(w, step, i)).ToArray();
            optimizer.Update((Tensor)gradient);
            expected = [.. expected.Select((w, i) => rules[i](w, gradient[i], step))];
            Approximately.Equal(expected, weight.Value.ToArray<double>(), 2e-6, $"step {step}"); // β^t is a float32.
            weight.Value = expected; // So that rounding does not add up.
        }
        Assert.Equal(8, (int)optimizer.StepCount.Value);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void UpdatesInsideJitAreThoseOutside(string name)
    {
        ParamState[] Weights() => [new(new[] { 1f, -2 }), new(new[,] { { 0.5f }, { 3 } })];
        (Optimizer, ParamState[]) Make()
        {
            var weights = Weights();
            return (Case(name).Create().RegisterTrainableWeights(weights), weights);
        }
        var (outer, outside) = Make();
        var (inner, inside) = Make();
        Tensor Loss(ParamState[] w) => Np.Sum(Np.Square(w[0].Value)) * Np.Sum(w[1].Value) + Np.Sum(Np.Tanh(w[1].Value));
        void Step(Optimizer optimizer, ParamState[] w) => optimizer.Update(Grad(() => Loss(w)).Of(w).Invoke());
        var jitted = Jit(() =>
        {
            Step(inner, inside);
            return Loss(inside);
        });
        for (var i = 0; i < 4; i++)
        {
            Step(outer, outside);
            var loss = jitted();
            Approximately.Equal((double)Loss(outside), loss, 1e-4);
        }
        for (var i = 0; i < 2; i++) Approximately.Same(outside[i].Value, inside[i].Value, 1e-5);
        Assert.Equal(1, JitFunction.Of(jitted).TraceCount);
        Assert.Equal(4, (int)inner.StepCount.Value);
    }

    [Fact]
    public void GradientsAreClippedByTheirCommonNorm()
    {
        ParamState[] weights = [new(Np.Zeros([2])), new(Np.Zeros([1]))];
        var optimizer = new Sgd(1.0, options: new() { ClipGlobalNorm = 1 }).RegisterTrainableWeights(weights);
        optimizer.Update([new[] { 3f, 0f }, new[] { 4f }]);
        Approximately.Equal([-0.6, 0, -0.8], [.. weights[0].Value.Doubles(), .. weights[1].Value.Doubles()], 1e-6);
        optimizer.Update([new[] { 0.3f, 0f }, new[] { 0.4f }]); // Below the maximum: as it is.
        Approximately.Equal([-0.9, 0, -1.2], [.. weights[0].Value.Doubles(), .. weights[1].Value.Doubles()], 1e-6);
        optimizer.Update([Np.Zeros([2]), Np.Zeros([1])]);
        Assert.False(float.IsNaN((float)weights[1].Value));
    }

    [Fact]
    public void TheLearningRateChangesWithoutATrace()
    {
        var weight = new ParamState(new[] { 1f });
        var optimizer = new Sgd(LearningRateSchedule.Step(1.0, stepSize: 1, gamma: 0.5)).RegisterTrainableWeights((ParamState[])[weight]);
        var step = Jit(() =>
        {
            optimizer.Update(Np.Ones([1]));
            return weight.Value;
        });
        Assert.Equal(0f, (float)step());
        optimizer.StepSchedule();
        Assert.Equal(-0.5f, (float)step());
        optimizer.CurrentLearningRate.Value = Np.Array(4.0);
        Assert.Equal(-4.5f, (float)step());
        optimizer.StepSchedule();
        Assert.Equal(-4.75f, (float)step());
        Assert.Equal((1, 2), (JitFunction.Of(step).TraceCount, (int)optimizer.Epoch.Value));
    }

    [Fact]
    public void WeightsKeepTheirDtype()
    {
        foreach (var dtype in (DType[])[DType.Float16, DType.BFloat16, DType.Float32, DType.Float64])
        {
            var weight = new ParamState(Np.Ones([2], dtype));
            foreach (var optimizer in (Optimizer[])[new Sgd(0.5, 0.9), new AdamW(0.5)])
            {
                optimizer.RegisterTrainableWeights((ParamState[])[weight]).Update(Np.Ones([2], dtype));
                optimizer.Update(Np.Ones([2], DType.Float64)); // A wider gradient does not widen the weight.
                Assert.Equal(dtype, weight.Spec.DType);
                Assert.True((double)weight.Value[0] < 1);
            }
        }
    }

    [Fact]
    public void WeightsAreFoundByPathKeyOrPosition()
    {
        var (a, b) = (new ParamState(Np.Zeros([1])), new ParamState(Np.Zeros([2])));
        var flat = new FlattedDict<ParamState>([KeyValuePair.Create(StatePath.Of("x", 0), a), KeyValuePair.Create((StatePath)"y", b)]);
        var gradients = flat.Map(static s => Np.Ones(s.Spec.Shape));
        new Sgd(1.0).RegisterTrainableWeights(flat).Update(gradients);
        new Sgd(1.0).RegisterTrainableWeights(flat.ToNested()).Update(gradients.ToNested());
        new Sgd(1.0).RegisterTrainableWeights(new Dictionary<string, ParamState> { ["a"] = a, ["b"] = b })
            .Update(new Dictionary<string, Tensor> { ["b"] = Np.Ones([2]), ["a"] = Np.Ones([1]), ["other"] = Np.Ones([9]) });
        Assert.Equal([-3f, -3f, -3f], (float[])[.. a.Value.ToArray<float>(), .. b.Value.ToArray<float>()]);
    }

    [Fact]
    public void RegisteringAgainAddsAndStartsAnew()
    {
        var (a, b) = (new ParamState(Np.Zeros([1])), new ParamState(Np.Zeros([1])));
        FlattedDict<ParamState> One(string name, ParamState state) => new([KeyValuePair.Create((StatePath)name, state)]);
        var optimizer = new Sgd(1.0, momentum: 1).RegisterTrainableWeights(One("a", a));
        optimizer.Update(One("a", a).Map(static _ => Np.Ones([1])));
        optimizer.RegisterTrainableWeights(One("b", b)).RegisterTrainableWeights(One("again", a));
        Assert.Equal(0, (int)optimizer.StepCount.Value);
        optimizer.Update(new FlattedDict<Tensor>([KeyValuePair.Create((StatePath)"a", Np.Ones([1])), KeyValuePair.Create((StatePath)"b", Np.Ones([1]))]));
        Assert.Equal((-2f, -1f), ((float)a.Value, (float)b.Value)); // No momentum from before, and a once.
        Assert.Equal(2, optimizer.States(StateFilter.PathContains("trace")).Count);
    }

    [Fact]
    public void MistakesAreRefused()
    {
        ParamState[] weights = [new(Np.Zeros([2]))];
        Assert.Equal("Sgd has no weights. Call RegisterTrainableWeights first.", Assert.Throws<InvalidOperationException>(() => new Sgd().Update(Np.Ones([2]))).Message);
        var optimizer = new Sgd().RegisterTrainableWeights(weights);
        Assert.Equal("There is no gradient for the weight 0.", Assert.Throws<ArgumentException>(() => optimizer.Update((Tensor[])[])).Message);
        Assert.Equal("The gradient for the weight 0 has shape (3,), but the weight has (2,).", Assert.Throws<ArgumentException>(() => optimizer.Update(Np.Ones([3]))).Message);
        Assert.Equal(0, (int)optimizer.StepCount.Value);
        Assert.StartsWith("The weight 0 holds i32[1]; an optimiser can only change floating weights.",
            Assert.Throws<ArgumentException>(() => new Sgd().RegisterTrainableWeights((State[])[new ParamState(new[] { 1 })])).Message);
        Assert.StartsWith("Two weights have the key 0.", Assert.Throws<ArgumentException>(() => optimizer.RegisterTrainableWeights((ParamState[])[new(Np.Zeros([2]))])).Message);
        optimizer.Update(Np.Ones([2])); // The refused registration changed nothing.
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(momentum: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(-1.0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(beta1: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(epsilon: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(options: new() { WeightDecay = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(options: new() { ClipValue = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(options: new() { ClipGlobalNorm = 0 }));
    }
}
