using BrainState.Nn;
using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>States and generators in lanes.</summary>
internal static class LaneSemantics
{
    private static Tensor Rows => Tensor.From<float>([1, 2, 3, 4, 5, 6], [3, 2]);

    public static IEnumerable<ConformanceCase> Cases =>
    [
        Behaviors.Case("states/lanes/read", static _ => Read()),
        .. new[] { 0, -1 }.Select(static axis => Behaviors.Case($"states/lanes/own_state/{axis}", _ => Own(axis))),
        Behaviors.Case("states/lanes/new_axis", static _ => NewAxis()),
        Behaviors.Case("states/lanes/undeclared_write", static _ => Undeclared()),
        Behaviors.Case("states/lanes/new_states", static _ => NewStates()),
        Behaviors.Case("states/random/lanes", static _ => RandomLanes()),
        Behaviors.Case("states/random/nested_lanes", static _ => NestedLanes()),
        Behaviors.Case("states/random/loop", static _ => RandomLoop()),
    ];

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

    private static void Read()
    {
        var neuron = new Neuron(Np.Array(0.0));
        Expect.Elements<float>("lanes that read one State", [8, 18, 28], Jit(Vmap((Tensor x) => Np.Dot(x, neuron.Weight.Value)))(Rows));
    }

    private static void Own(int axis)
    {
        var neuron = new Neuron(Tensor.From<float>([2, 4, 6]));
        var step = Vmap2((Tensor x) => neuron.Call(x), new() { StateInAxes = [(axis, typeof(HiddenState))] });
        Expect.Elements<float>("lanes with a State of their own", [9, 20, 31], step(Rows));
        Expect.Elements<float>("the State of all lanes", [9, 20, 31], neuron.Hidden.Value);
        Expect.Elements<float>("the same, jitted", [12.5f, 28, 43.5f], Jit(step)(Rows));
        Expect.Elements<float>("the State of all lanes after a jitted step", [12.5f, 28, 43.5f], neuron.Hidden.Value);
        Expect.Elements<float>("the gradient by the State that all lanes share", [9, 12], Jit(Grad(() => Np.Sum(step(Rows))).Of(neuron.Weight))());
    }

    private static void NewAxis()
    {
        var neuron = new Neuron(Np.Array(0.0));
        Jit(Vmap2((Tensor x) => neuron.Call(x), new() { StateOutAxes = [(0, typeof(HiddenState))] }))(Rows);
        Expect.Elements<float>("a State that gets an axis for the lanes", [8, 18, 28], neuron.Hidden.Value);
        var state = new HiddenState(Tensor.From<float>([1, 2, 3, 4, 5, 6], [2, 3]));
        Expect.Elements<float>("lanes along the second axis of a State", [10, 40, 20, 50, 30, 60], Vmap2(() => state.Value *= 10, new() { StateInAxes = [(1, typeof(HiddenState))] })());
        Expect.Elements<float>("a State whose lanes are along its second axis", [10, 20, 30, 40, 50, 60], state.Value);
    }

    private static void Undeclared()
    {
        var (neuron, random) = (new Neuron(Np.Array(1.0)), new RandomState(1));
        Expect.Throws<BatchAxisException>("lanes that write different values to one State", () => Jit(Vmap((Tensor x) => neuron.Call(x) * random.Uniform()))(Rows));
        Expect.Elements<float>("a State after a write that was refused", [1], neuron.Hidden.Value);
        Expect.Elements<uint>("a generator after a write that was refused", [0, 1], random.Value);
    }

    private static void NewStates()
    {
        var keys = Rng.Split(Rng.PrngKey(5), 3);
        var states = VmapNewStates((Tensor key) => new ParamState(Rng.Uniform(key, [4])), keys);
        for (var lane = 0; lane < 3; lane++) Expect.Same($"lane {lane} of a State that was made in lanes", Rng.Uniform(keys[lane], [4]), states.Value[lane]);
    }

    /// <summary>The lanes have keys 1 to n of a split into n + 1.</summary>
    private static void RandomLanes()
    {
        var (random, keys) = (new RandomState(42), Rng.Split(Rng.PrngKey(42), 4));
        var draws = Jit(Vmap(() => (random.Bits([2]), random.Uniform()), new() { AxisSize = 3 }))();
        for (var lane = 0; lane < 3; lane++)
        {
            var own = new RandomState(keys[lane + 1]);
            Expect.Same($"the first draw of lane {lane}", own.Bits([2]), draws.Item1[lane]);
            Expect.Same($"the second draw of lane {lane}", own.Uniform(), draws.Item2[lane]);
        }
        Expect.Elements<uint>("the generator after draws in lanes", [1705926158, 899080142], random.Value);
    }

    private static void NestedLanes()
    {
        var (random, keys) = (new RandomState(3), Rng.Split(Rng.PrngKey(3), 4));
        var actual = Jit(Vmap((Tensor row) => Vmap((Tensor x) => x + random.Uniform())(row)))(Rows);
        for (var lane = 0; lane < 3; lane++)
        {
            var own = new RandomState(keys[lane + 1]);
            Expect.Same($"the lanes in lane {lane}", Vmap((Tensor x) => x + own.Uniform())(Rows[lane]), actual[lane]);
        }
    }

    private static void RandomLoop()
    {
        var (inside, outside) = (new RandomState(8), new RandomState(8));
        var draws = Jit(() => ForLoop((Tensor _) => inside.RandInt(0, 1000, [3]), Np.Arange(4)))();
        for (var step = 0; step < 4; step++) Expect.Same($"the draw of step {step} of a loop", outside.RandInt(0, 1000, [3]), draws[step]);
        Expect.Same("the generator after a loop", outside.Value, inside.Value);
    }
}
