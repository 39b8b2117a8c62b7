using BrainState.Interpretation;
using BrainState.Ops;
using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>Functions of a key, on the backend and on the interpreter: eager, jitted, in lanes, in loops and on threads.</summary>
internal static class Draws
{
    private static readonly DType[] Floats = [.. DType.All.Where(static dtype => dtype.IsFloating)];
    private static readonly DType[] Integers = [.. DType.All.Where(static dtype => dtype.IsInteger)];

    public static IEnumerable<ConformanceCase> Cases(int seed) =>
    [
        .. new[] { 0, 1, 2, 5 }.Select(count => Case(seed, $"split/{count}", key => Rng.Split(key, count))),
        Case(seed, "split/again", static key => Rng.Split(Rng.Split(Rng.Split(key).Second, 3)[1]).First),
        .. new[] { 0, 1, -1, int.MaxValue }.Select(data => Case(seed, $"fold_in/{data}", key => Rng.FoldIn(key, data))),
        Case(seed, "fold_in/traced", static key => Rng.FoldIn(key, key[0])),
        .. Floats.Select(dtype => Case(seed, $"uniform/{dtype.Name}", key => Rng.Uniform(key, [200], dtype: dtype), dtype)),
        .. Floats.Select(dtype => Case(seed, $"uniform_in_range/{dtype.Name}", key => Rng.Uniform(key, [200], -3, 5, dtype), dtype)),
        .. Floats.Select(dtype => Case(seed, $"normal/{dtype.Name}", key => Rng.Normal(key, [200], dtype: dtype), dtype)),
        Case(seed, "normal/parameters", static key => Rng.Normal(key, [20, 3], Np.Arange(3) * -2, (Np.Arange(3) + 1) * 0.5)),
        .. Integers.Select(dtype => Case(seed, $"randint/{dtype.Name}", key => Rng.RandInt(key, [200], 3, 100, dtype), dtype)),
        Case(seed, "randint/bounds", static key => Rng.RandInt(key, [50, 2], Np.Arange(2) * 5 - 5, Np.Arange(2) * (int.MaxValue - 1) + 1)),
        Case(seed, "bernoulli", static key => Rng.Bernoulli(key, 0.3, [300])),
        Case(seed, "permutation", static key => Rng.Permutation(key, 300)),
        Case(seed, "permutation/rows", static key => Rng.Permutation(key, Np.Arange(60).Reshape(20, 3))),
        Case(seed, "dropout", static key => Nn.Functional.Dropout(Np.Ones([100]), key, 0.75)),
        Behaviors.Case("random/repeats/threads", Threads),
        Behaviors.Case("random/repeats/lanes", static _ => Lanes()),
        Behaviors.Case("random/repeats/loop", static _ => Loop()),
        Behaviors.Case("random/repeats/state", static _ => InsideAndOutside()),
    ];

    private static BehaviorCase Case(int seed, string name, Func<Tensor, Tensor> function, DType? dtype = null) => new($"random/{name}", target =>
    {
        var key = HostValue.Of<uint>([2], (uint)Generation.Seeds.Of(seed, name), 42);
        var program = Traced.Program(key.Spec, function);
        var expected = Interpreter.Run(program, [key]);
        var deviation = Compare("as one program", target, expected, target.Execute(program, [key]));
        var tensor = TensorValues.ToTensor(key);
        deviation = deviation.Or(Compare("eager", target, expected, [TensorValues.ToHost(function(tensor))]));
        return deviation.Or(Compare("jitted", target, expected, [TensorValues.ToHost(Jit(function)(tensor))]));
    }) { Subject = name.Split('/')[0], DType = dtype, IsQuick = true };

    /// <summary>The same bits where nothing is rounded twice; otherwise a few units in the last place of the larger of the number and 1.</summary>
    private static Deviation Compare(string how, ConformanceTarget target, HostValue[] expected, HostValue[] actual)
    {
        try
        {
            var dtype = expected[0].Spec.DType;
            if (!dtype.IsFloating)
            {
                Exactness.Check(expected, actual);
                return Deviation.None;
            }
            var isNative = target.IsNative(new ErfInv(), [new(dtype, [200])]);
            var ulps = dtype switch
            {
                DType.Float64 => 64,
                DType.Float32 => 16,
                _ => 2,
            };
            return Agreement.Check(expected, actual, isNative ? ulps * Precision.Ulp(dtype, 1) : Precision.Decomposed(dtype));
        }
        catch (ConformanceException failure)
        {
            throw new ConformanceException($"{how}: {failure.Message}", failure);
        }
    }

    private static void Threads(ConformanceTarget target)
    {
        static Tensor Draw(Tensor key) => Lax.BitcastConvertType(Rng.Uniform(key, [500]), DType.UInt32);
        var jitted = Jit(Draw);
        var expected = Draw(Rng.PrngKey(7)).ToArray<uint>();
        Deadline.OnThreads(8, "draws may be made by several threads", i =>
        {
            using var scope = target.Runtime.Enter();
            for (var run = 0; run < 5; run++) Expect.Elements<uint>("the same key on several threads", expected, (i % 2 == 0 ? jitted : Draw)(Rng.PrngKey(7)));
        });
    }

    private static void Lanes()
    {
        var keys = Rng.Split(Rng.PrngKey(3), 4);
        var lanes = Vmap(static (Tensor key) => (Rng.Bits(key, [3, 2]), Rng.Uniform(key, [5]), Rng.Split(key, 2)))(keys);
        for (var lane = 0; lane < 4; lane++)
        {
            Expect.Same($"bits of lane {lane} and of its key alone", Rng.Bits(keys[lane], [3, 2]), lanes.Item1[lane]);
            Expect.Same($"uniforms of lane {lane} and of its key alone", Rng.Uniform(keys[lane], [5]), lanes.Item2[lane]);
            Expect.Same($"keys of lane {lane} and of its key alone", Rng.Split(keys[lane], 2), lanes.Item3[lane]);
        }
    }

    private static void Loop()
    {
        var (key, draws) = Scan(static (Tensor key) =>
        {
            var (next, own) = Rng.Split(key);
            return (next, Rng.RandInt(own, [3], 0, 1000));
        }, Rng.PrngKey(11), 4);
        var current = Rng.PrngKey(11);
        for (var step = 0; step < 4; step++)
        {
            var (next, own) = Rng.Split(current);
            Expect.Same($"the draw of step {step} in a loop and outside", Rng.RandInt(own, [3], 0, 1000), draws[step]);
            current = next;
        }
        Expect.Same("the key after a loop", current, key);
    }

    private static void InsideAndOutside()
    {
        var (inside, outside) = (new RandomState(9), new RandomState(9));
        static Tensor[] All(RandomState r) => [r.Rand(3), r.RandInt(0, 9, [3]), r.Bernoulli(0.5, [3]), r.Permutation(5), r.Bits([2]), r.SplitKeys(2)];
        var jitted = Jit(() => All(inside));
        for (var i = 0; i < 3; i++)
            foreach (var (expected, actual) in All(outside).Zip(jitted()))
                Expect.Same("a draw of a generator in a jitted function and outside", expected, actual);
        Expect.Same("the generator after draws in a jitted function and outside", outside.Value, inside.Value);
    }
}
