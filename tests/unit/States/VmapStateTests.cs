using BrainState.Nn;
using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.States;

/// <summary>States and random numbers inside mapped functions.</summary>
public sealed class VmapStateTests
{
    private static readonly Tensor Rows = Tensor.From<float>([1, 2, 3, 4, 5, 6], [3, 2]);

    private sealed class Neuron(Tensor start) : Module
    {
        public ParamState Weight { get; } = new(Tensor.From<float>([2, 3]));

        public HiddenState Hidden { get; } = new(start, name: "hidden");

        public Tensor Call(Tensor x)
        {
            Hidden.Value = Hidden.Value * 0.5 + Np.Dot(x, Weight.Value);
            return Hidden.Value;
        }
    }

    [Fact]
    public void StatesThatAreReadAreTheSameInAllLanes()
    {
        var neuron = new Neuron(Np.Array(1f));
        Assert.Equal([8f, 18, 28], Vmap((Tensor x) => Np.Dot(x, neuron.Weight.Value))(Rows).ToArray<float>());
        Assert.Equal([2f, 3], neuron.Weight.Value.ToArray<float>());
    }

    [Fact]
    public void AnUndeclaredWriteThatDiffersBetweenLanesIsAnErrorAndChangesNothing()
    {
        var (neuron, random) = (new Neuron(Np.Array(1f)), new RandomState(1));
        var error = Assert.Throws<BatchAxisException>(() => Vmap((Tensor x) => neuron.Call(x) * random.Uniform())(Rows));
        Assert.Equal(
            "Vmap of AnUndeclaredWriteThatDiffersBetweenLanesIsAnErrorAndChangesNothing writes a value to HiddenState 'hidden' that differs between lanes, but the State "
            + "has no axis for them. Declare one with Vmap2 or Pmap2 (StateInAxes if the State has that axis already, StateOutAxes if it gets it), or return the value.", error.Message);
        Assert.Equal(1f, neuron.Hidden.Value.ToScalar<float>());
        Assert.Equal(Rng.PrngKey(1).ToArray<uint>(), random.Value.ToArray<uint>());
        Assert.Throws<BatchAxisException>(() => Vmap2((Tensor x) => neuron.Call(x), new() { StateInAxes = [(0, typeof(ParamState))], InAxes = 1 })(Rows));
    }

    [Fact]
    public void FiltersAreAskedOnceWhenAStateIsFirstTouched()
    {
        var asked = new List<State>();
        var (first, second, untouched) = (new ShortTermState(Np.Zeros([3])), new ShortTermState(Np.Zeros([3])), new ShortTermState(Np.Zeros([3])));
        var filter = StateFilter.Where((_, state) =>
        {
            asked.Add(state);
            return true;
        });
        var readSecond = Vmap2(
            (Tensor x) =>
            {
                Assert.Empty(asked);
                second.Value = x + second.Value;
                Assert.Equal([second], asked);
                first.Value = second.Value + first.Value;
                return first.Value;
            }, new() { StateInAxes = [(0, filter)] });
        Assert.Equal([1f, 2, 3], readSecond(new[] { 1f, 2, 3 }).ToArray<float>());
        Assert.Equal([second, first], asked);
        Assert.Equal([0f, 0, 0], untouched.Value.ToArray<float>());
    }

    [Fact]
    public void AWriteThatIsTheSameInAllLanesNeedsNoAxis()
    {
        var (count, neuron) = (new ShortTermState(Tensor.From<int>([1], [])), new Neuron(Np.Array(0f)));
        Vmap((Tensor x) =>
        {
            count.Value += 1;
            neuron.Hidden.Value = Np.Sum(neuron.Weight.Value);
            return x;
        })(Rows);
        Assert.Equal(2, count.Value.ToScalar<int>());
        Assert.Equal(5f, neuron.Hidden.Value.ToScalar<float>());
    }

    [Theory, InlineData(0), InlineData(-1)]
    public void LanesReadAndWriteTheirSlicesOfStatesWithAnAxis(int axis)
    {
        var neuron = new Neuron(Tensor.From<float>([2, 4, 6]));
        var asked = new List<State>();
        StateFilter hidden = StateFilter.Where((_, state) =>
        {
            asked.Add(state);
            return state is HiddenState;
        });
        var step = Vmap2((Tensor x) => neuron.Call(x), new() { StateInAxes = [(axis, hidden)] });
        Assert.Equal([9f, 20, 31], step(Rows).ToArray<float>());
        Assert.Equal([9f, 20, 31], neuron.Hidden.Value.ToArray<float>());
        Assert.Equal([neuron.Hidden, neuron.Weight], asked); // Once each, in first-touch order.

        Assert.Equal([12.5f, 28, 43.5f], Jit(step)(Rows).ToArray<float>());
        Assert.Equal([12.5f, 28, 43.5f], neuron.Hidden.Value.ToArray<float>());
        var gradient = Grad(() => Np.Sum(step(Rows))).Of([neuron.Weight]).Invoke();
        Assert.Equal([9f, 12], gradient[0].ToArray<float>());
    }

    [Fact]
    public void AStateOnAnyAxisIsWrittenBackOnTheSame()
    {
        var state = new HiddenState(Tensor.From<float>([1, 2, 3, 4, 5, 6], [2, 3]));
        var rows = Vmap2(() =>
        {
            Assert.Equal([2], state.Spec.Shape.ToArray());
            state.Value *= 10;
            return state.Value;
        }, new() { StateInAxes = [(1, typeof(HiddenState))] })();
        Assert.Equal([10f, 40, 20, 50, 30, 60], rows.ToArray<float>());
        Assert.Equal([10f, 20, 30, 40, 50, 60], state.Value.ToArray<float>());

        // Also where lanes write the same, and where a jitted function inside compares specs.
        Vmap2(Jit(() => state.Value = Np.Zeros([2])), new() { StateInAxes = [(1, typeof(HiddenState))] })();
        Assert.Equal([2, 3], state.Spec.Shape.ToArray());
    }

    [Fact]
    public void OutAxesGiveStatesAnAxis()
    {
        var neuron = new Neuron(Np.Array(0f));
        var step = Vmap2((Tensor x) => neuron.Call(x), new() { StateOutAxes = [(0, typeof(HiddenState))] });
        step(Rows);
        Assert.Equal([8f, 18, 28], neuron.Hidden.Value.ToArray<float>());
    }

    [Fact]
    public void AxesOfStatesMustFit()
    {
        var neuron = new Neuron(Np.Array(0f));
        string Message(Vmap2Options options) => Assert.Throws<BatchAxisException>(() => Vmap2<Tensor, Tensor>(neuron.Call, options)(Rows)).Message;
        Assert.Equal(
            "Vmap of Call maps over axis 0 of HiddenState 'hidden', but it is f32[], which has no such axis. Let no filter of StateInAxes take it.",
            Message(new() { StateInAxes = [(0, typeof(HiddenState))] }));
        neuron.Hidden.Value = Np.Zeros([2]);
        Assert.Equal(
            "Vmap of Call maps over axes of different sizes: 3 in argument 0, 2 in HiddenState 'hidden'. Mapped axes must agree; InAxes null is for what all lanes share.",
            Message(new() { StateInAxes = [(0, typeof(HiddenState))] }));
    }

    /// <summary>As jax.random with key 42 and four splits: the lanes have keys 1 to 3, and the generator goes on with split(key 0)[1].</summary>
    [Fact]
    public void EachLaneDrawsFromAKeyOfItsOwn()
    {
        var random = new RandomState(42);
        Assert.Equal([64467757u, 2916123636, 2465931498, 255383827, 3134548294, 894150801], Vmap(() => random.Value, new() { AxisSize = 3 })().ToArray<uint>());
        Assert.Equal([0u, 42], random.Value.ToArray<uint>()); // Nothing was drawn.

        var bits = Vmap((Tensor x) => random.Bits([2]))(Rows);
        Assert.Equal([639354893u, 3013878472, 986598961, 1172007517, 3309714566, 3424781292], bits.ToArray<uint>());
        Assert.Equal([1705926158u, 899080142], random.Value.ToArray<uint>());

        // The same where the map is jitted, and in each lane the same as a generator that holds the lane's key.
        var (jitted, key) = (new RandomState(42), Rng.Split(Rng.PrngKey(42), 4));
        var normals = Jit(Vmap(() => (jitted.Normal(size: [2]), jitted.Uniform()), new() { AxisSize = 3 }))();
        for (var lane = 0; lane < 3; lane++)
        {
            var own = new RandomState(key[lane + 1]);
            Approximately.Same(own.Normal(size: [2]), normals.Item1[lane], 0);
            Approximately.Same(own.Uniform(), normals.Item2[lane], 0);
        }
        Assert.Equal([1705926158u, 899080142], jitted.Value.ToArray<uint>());
    }

    [Fact]
    public void NestedMapsSplitTheKeysOfTheirLanes()
    {
        var random = new RandomState(3);
        var actual = Vmap((Tensor row) => Vmap((Tensor x) => x + random.Uniform())(row))(Rows);
        var keys = Rng.Split(Rng.PrngKey(3), 4);
        for (var lane = 0; lane < 3; lane++)
        {
            var own = new RandomState(keys[lane + 1]);
            Approximately.Same(Vmap((Tensor x) => x + own.Uniform())(Rows[lane]), actual[lane], 0);
        }
        Assert.Equal(6, actual.ToArray<float>().Distinct().Count());
    }

    private sealed class Mlp : Module
    {
        public ParamState First { get; } = new(Rng.Randn(2, 4), name: "first");

        public ParamState Second { get; } = new(Rng.Randn(4), name: "second");

        public ParamState Bias { get; } = new(Np.Zeros([1]), name: "bias");

        public Tensor Call(Tensor x) => Np.Tanh(x.MatMul(First.Value)).MatMul(Second.Value) + Bias.Value;
    }

    [Fact]
    public void AnEnsembleHasStackedStatesAndTrainsLikeItsMembers()
    {
        Rng.Default.Seed(5);
        var keys = Rng.Split(Rng.Default.Value, 9);
        var models = VmapNewStates(() => new Mlp(), axisSize: 8);
        var weights = models.States<ParamState>();
        Assert.Equal([[8, 1], [8, 2, 4], [8, 4]], weights.Values.Select(static w => w.Value.Shape.ToArray()));

        var predict = Vmap2((Tensor x) => models.Call(x), new() { InAxes = null, AxisSize = 8, StateInAxes = [(0, typeof(ParamState))] });
        var (gradients, losses) = Grad(() => Np.Sum(Np.Square(predict(Rows)))).Of(weights).WithValue().Invoke();
        var total = 0.0;
        for (var lane = 0; lane < 8; lane++)
        {
            Rng.Default.Value = keys[lane + 1];
            var member = new Mlp();
            Approximately.Same(member.First.Value, models.First.Value[lane], 0);
            Approximately.Same(member.Call(Rows), predict(Rows)[lane], 1e-6);
            var (own, loss) = Grad(() => Np.Sum(Np.Square(member.Call(Rows)))).Of(member.States<ParamState>()).WithValue().Invoke();
            foreach (var (path, gradient) in own) Approximately.Same(gradient, gradients[path][lane], 1e-4);
            total += loss.ToScalar<float>();
        }
        Assert.Equal(total, losses.ToScalar<float>(), 1e-3 * total);
        Jit(() => new Sgd(0.1).RegisterTrainableWeights(weights).Update(gradients))();
    }

    [Fact]
    public void NewStatesGetTheirAxisWhereItIsDeclaredAndLeaveEveryTraceTheyWereBornIn()
    {
        var state = VmapNewStates((Tensor x) => new HiddenState(x * 2), Rows, new() { StateOutAxes = [(1, typeof(HiddenState))] });
        Assert.Equal([2f, 6, 10, 4, 8, 12], state.Value.ToArray<float>());

        var nested = VmapNewStates(() => VmapNewStates(() => new ParamState(Np.Zeros([2])), 3), 4);
        Assert.Equal([4, 3, 2], nested.Value.Shape.ToArray());
        Assert.Null(nested.BirthTrace);

        HiddenState? inside = null;
        Vmap((Tensor x) => (inside = new HiddenState(x)).Value * 2)(Rows);
        Assert.Equal(Rows.ToArray<float>(), inside!.Value.ToArray<float>());

        ParamState? poisoned = null;
        Jit(() => (poisoned = VmapNewStates(() => new ParamState(Np.Zeros([2])), 3)).Value)();
        Assert.Throws<TracedValueException>(() => poisoned!.Value);
    }
}
