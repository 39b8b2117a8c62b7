using BrainState.Hosting;
using BrainState.Nn;
using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.States;

/// <summary>States and random numbers in functions that are mapped over devices.</summary>
public sealed class PmapStateTests : IDisposable
{
    private readonly BrainStateRuntime runtime;
    private readonly RuntimeScope scope;
    private readonly Tensor rows = Tensor.From<float>([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]);

    public PmapStateTests()
    {
        runtime = BrainStateRuntime.Create(b => b.Configure("cpu", "VirtualDevices", "4"));
        scope = runtime.Enter();
    }

    public void Dispose()
    {
        scope.Dispose();
        runtime.Dispose();
    }

    private sealed class Mlp : Module
    {
        public ParamState First { get; } = new(Rng.Normal(Rng.PrngKey(1), [2, 8]));

        public ParamState Second { get; } = new(Rng.Normal(Rng.PrngKey(2), [8, 1]));

        public ShortTermState Steps { get; } = new(Np.Zeros([], DType.Int32));

        public Tensor Loss(Tensor x, Tensor y) => Np.Mean(Np.Square(Np.Tanh(x.MatMul(First.Value)).MatMul(Second.Value) - y));
    }

    [Fact]
    public void DataParallelTrainingIsTrainingOnOneDevice()
    {
        var (one, all) = (new Mlp(), new Mlp());
        var x = Rng.Normal(Rng.PrngKey(3), [32, 2]);
        var y = Np.Sum(x, 1, keepDims: true);
        var (xs, ys) = (x.Reshape(4, 8, 2), y.Reshape(4, 8, 1));
        var (ofOne, ofAll) = (new Adam(learningRate: 0.05).RegisterTrainableWeights(one.States<ParamState>()), new Adam(learningRate: 0.05).RegisterTrainableWeights(all.States<ParamState>()));
        var stepOfOne = Jit((Tensor x, Tensor y) =>
        {
            var (gradients, loss) = Grad(() => one.Loss(x, y)).Of(one.States<ParamState>()).WithValue().Invoke();
            ofOne.Update(gradients);
            return loss;
        });
        var stepOfAll = Pmap((Tensor x, Tensor y) =>
        {
            var (gradients, loss) = Grad(() => all.Loss(x, y)).Of(all.States<ParamState>()).WithValue().Invoke();
            ofAll.Update(gradients.Map(g => Lax.PSum(g, "batch") / Lax.AxisSize("batch")));
            all.Steps.Value += 1;
            return Lax.PMean(loss, "batch");
        }, new() { AxisName = "batch", OutAxes = null });

        var losses = new List<float>();
        for (var step = 0; step < 30; step++)
        {
            losses.Add((float)stepOfOne(x, y));
            Approximately.Equal(losses[^1], stepOfAll(xs, ys), 1e-4, $"step {step}");
        }
        Assert.True(losses[^1] < losses[0] / 4, $"{losses[0]} -> {losses[^1]}");
        foreach (var (path, weight) in one.States<ParamState>()) Approximately.Same(weight.Value, all.States<ParamState>()[path].Value, 1e-3);
        Assert.Equal(30, all.Steps.Value.ToScalar<int>());
    }

    [Fact]
    public void AnUndeclaredWriteThatDiffersBetweenDevicesIsAnErrorAndChangesNothing()
    {
        var state = new HiddenState(Np.Array(1f), name: "hidden");
        var error = Assert.Throws<BatchAxisException>(() => Pmap((Tensor x) => state.Value = Np.Sum(x))(rows));
        Assert.Equal(
            "Pmap of AnUndeclaredWriteThatDiffersBetweenDevicesIsAnErrorAndChangesNothing writes a value to HiddenState 'hidden' that differs between lanes, but the State "
            + "has no axis for them. Declare one with Vmap2 or Pmap2 (StateInAxes if the State has that axis already, StateOutAxes if it gets it), or return the value.", error.Message);
        Assert.Equal(1f, state.Value.ToScalar<float>());
        Pmap((Tensor x) => state.Value = Lax.PSum(Np.Sum(x), "devices"))(rows);
        Assert.Equal(36f, state.Value.ToScalar<float>());
    }

    [Theory, InlineData(0), InlineData(-1)]
    public void DevicesReadAndWriteTheirSlicesOfStatesWithAnAxis(int axis)
    {
        var (weight, hidden) = (new ParamState(Tensor.From<float>([2, 3])), new HiddenState(Tensor.From<float>([2, 4, 6, 8])));
        Func<Tensor, Tensor> function = x => hidden.Value = hidden.Value * 0.5 + Np.Dot(x, weight.Value);
        Pmap2Options options = new() { StateInAxes = [(axis, typeof(HiddenState))] };
        Assert.Equal([9f, 20, 31, 42], Pmap2(function, options)(rows).ToArray<float>());
        Assert.Equal([9f, 20, 31, 42], hidden.Value.ToArray<float>());
        Jit(Pmap2(function, options))(rows);
        Assert.Equal([12.5f, 28, 43.5f, 59], hidden.Value.ToArray<float>());
        var gradient = Grad(() => Np.Sum(Pmap2(function, options)(rows))).Of([weight]).Invoke();
        Assert.Equal([16f, 20], gradient[0].ToArray<float>());
    }

    [Fact]
    public void StatesGetAnAxisWhereItIsDeclaredAndWhereTheyAreBorn()
    {
        var (state, born) = (new HiddenState(Np.Zeros([2])), (HiddenState?)null);
        Pmap2((Tensor x) =>
        {
            state.Value = x;
            born = new HiddenState(x * 2);
        }, new() { StateOutAxes = [(1, typeof(HiddenState))] })(rows);
        Assert.Equal([1f, 3, 5, 7, 2, 4, 6, 8], state.Value.ToArray<float>());
        Approximately.Same(state.Value * 2, born!.Value, 0);
    }

    [Fact]
    public void EachDeviceDrawsFromAKeyOfItsOwnAsEachLaneDoes()
    {
        var (lanes, devices) = (new RandomState(42), new RandomState(42));
        (Tensor, Tensor) Draw(RandomState random, Tensor x) => (random.Normal(size: [2]) + x, random.Uniform());
        for (var i = 0; i < 2; i++)
        {
            var (expected, actual) = (Vmap((Tensor x) => Draw(lanes, x))(rows), Pmap((Tensor x) => Draw(devices, x))(rows));
            Approximately.Same(expected.Item1, actual.Item1, 0);
            Approximately.Same(expected.Item2, actual.Item2, 0);
            Assert.Equal(lanes.Value.ToArray<uint>(), devices.Value.ToArray<uint>());
        }
    }
}
