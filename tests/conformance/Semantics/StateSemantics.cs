using BrainState.Nn;
using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>What a step does to the States that it touches.</summary>
internal static class StateSemantics
{
    private static Tensor A => new[] { 1f, 2f };

    public static IEnumerable<ConformanceCase> Cases =>
    [
        Behaviors.Case("states/values/read_and_write", static _ => ReadAndWrite()),
        Behaviors.Case("states/values/handles", static _ => Handles()),
        Behaviors.Case("states/values/exchange", static _ => Exchange()),
        Behaviors.Case("states/values/shared", static _ => Shared()),
        Behaviors.Case("states/values/numbers", static _ => Numbers()),
        Behaviors.Case("states/values/many", static _ => Many()),
        Behaviors.Case("states/shapes/another_shape", static _ => AnotherShape()),
        Behaviors.Case("states/shapes/another_dtype", static _ => AnotherDType()),
        Behaviors.Case("states/shapes/growing", static _ => Growing()),
        Behaviors.Case("states/failures/error_if", static _ => Errors()),
        Behaviors.Case("states/failures/user_code", static _ => UserCode()),
        Behaviors.Case("states/failures/disposed_argument", static _ => DisposedArgument()),
        Behaviors.Case("states/tied/gradient_and_update", static _ => Tied()),
        Behaviors.Case("states/donation/poison", static _ => Poison()),
        Behaviors.Case("states/donation/shared_value", static _ => SharedDonation()),
        Behaviors.Case("states/donation/loop", static _ => DonationLoop()),
        Behaviors.Case("states/threads/never_torn", NeverTorn),
        Behaviors.Case("states/threads/last_commit_wins", LastCommitWins),
    ];

    private static void ReadAndWrite()
    {
        var state = new ParamState(A);
        var step = Jit((Tensor x) =>
        {
            var before = state.Value;
            state.Value = x;
            var between = state.Value;
            state.Value = between + before;
            return (before, between, state.Value);
        });
        for (var i = 1; i < 4; i++)
        {
            var (before, between, after) = step(A * 10);
            Expect.Elements<float>("a State before a write", [10 * i - 9, 20 * i - 18], before);
            Expect.Elements<float>("a State between two writes", [10, 20], between);
            Expect.Elements<float>("a State after two writes", [10 * i + 1, 20 * i + 2], after);
            Expect.Elements<float>("a State after the step", [10 * i + 1, 20 * i + 2], state.Value);
        }
    }

    /// <summary>Buffers that are replaced go back to the pool, unless somebody holds them.</summary>
    private static void Handles()
    {
        var state = new ParamState(Np.Zeros([4096]));
        var step = Jit(() => state.Value += 1);
        var held = new List<Tensor>();
        for (var i = 0; i < 8; i++)
        {
            held.Add(state.Value);
            step();
        }
        for (var i = 0; i < held.Count; i++) Expect.Same($"a value that was read before {8 - i} more steps", Np.Full([4096], i, DType.Float32), held[i]);
    }

    private static void Exchange()
    {
        ParamState first = new(A), second = new(A * 10);
        var step = Jit(() => { (first.Value, second.Value) = (second.Value, first.Value); });
        step();
        Expect.Elements<float>("the first of two exchanged States", [10, 20], first.Value);
        Expect.Elements<float>("the second of two exchanged States", [1, 2], second.Value);
        step();
        Jit(() => first.Value *= 3)();
        Expect.Elements<float>("the first of two States exchanged twice, after a write", [3, 6], first.Value);
        Expect.Elements<float>("the second of two States exchanged twice", [10, 20], second.Value);
    }

    /// <summary>Two States that one step gives the same value are still two States.</summary>
    private static void Shared()
    {
        ParamState first = new(A), second = new(A);
        var give = Jit((Tensor x) => { first.Value = second.Value = x * 2; return x; });
        var change = Jit(() => first.Value += 1, new() { Name = "change" });
        give(A);
        change();
        Expect.Elements<float>("a State that was changed", [3, 5], first.Value);
        Expect.Elements<float>("a State that had the same value", [2, 4], second.Value);
    }

    private static void Numbers()
    {
        var (number, unchanged) = (new ParamState(A), new ParamState(A));
        var step = Jit(() =>
        {
            var same = unchanged.Value;
            (number.Value, unchanged.Value) = (Np.Array(5.0), same);
        });
        for (var i = 0; i < 2; i++) step();
        Expect.Elements<float>("a State that is set to a number", [5], number.Value);
        Expect.Elements<float>("a State that is set to its own value", [1, 2], unchanged.Value);
    }

    private static void Many()
    {
        var states = Enumerable.Range(0, 100).Select(static i => new ParamState(Np.Full([i % 7], i, DType.Float32))).ToArray();
        var step = Jit(() =>
        {
            foreach (var state in states) state.Value = state.Value * 2 + 1;
        });
        for (var i = 0; i < 3; i++) step();
        for (var i = 0; i < states.Length; i++) Expect.Same($"State {i} of 100", Np.Full([i % 7], 8 * i + 7, DType.Float32), states[i].Value);
    }

    private static void AnotherShape()
    {
        var state = new ParamState(A);
        var f = Jit(() => state.Value * state.Value.Shape[0]);
        Expect.Elements<float>("a step on a State of shape (2,)", [2, 4], f());
        state.Value = Np.Ones([3]);
        Expect.Elements<float>("the same step after the State changed its shape to (3,)", [3, 3, 3], f());
        state.Value = A;
        Expect.Elements<float>("the same step after the State changed back", [2, 4], f());
        Expect.That(JitFunction.Of(f).TraceCount == 2, "a step is traced once for each shape of its States");
    }

    private static void AnotherDType()
    {
        var state = new ParamState(A);
        var f = Jit((Tensor x) => state.Value + x);
        Expect.That(f(A).DType == DType.Float32, "float32 and float32 give float32");
        state.Value = Tensor.From<int>([1, 2]);
        Expect.Elements<int>("the same step after the State became int32", [2, 4], f(Tensor.From<int>([1, 2])));
    }

    private static void Growing()
    {
        var state = new ParamState(A);
        var grow = Jit(() => state.Value = Np.Concatenate([state.Value, state.Value]));
        for (var i = 0; i < 4; i++) grow();
        Expect.Elements<float>("a State that doubled four times", [.. Enumerable.Range(0, 32).Select(static i => i % 2 + 1f)], state.Value);
    }

    private static void Errors()
    {
        ParamState early = new(A, "early"), late = new(A, "late");
        Tensor Step(Tensor limit)
        {
            early.Value = early.Value * 2;
            JitErrorIf(Np.Max(early.Value) > limit, $"{early} exceeds {limit:F0}");
            late.Value = early.Value + 1;
            return Np.Sum(late.Value);
        }
        var step = Jit((Tensor limit) => Step(limit));
        Expect.Elements<float>("a step without an error", [8], step(5f));
        foreach (var run in (Func<Tensor>[])
            [() => step(3f), () => Grad((Tensor limit) => Step(limit) * limit).Invoke(Np.Array(3.0)), () => ForLoop((Tensor limit) => Step(limit), Tensor.From<float>([8, 3], [2]))])
        {
            Expect.Throws<JitErrorException>("a step whose error happens", () => run());
            Expect.Elements<float>("a State that was written before the error", [2, 4], early.Value);
            Expect.Elements<float>("a State that is written after the error", [3, 5], late.Value);
        }
        Expect.Elements<float>("the same step without an error again", [14], step(50f));
    }

    private static void UserCode()
    {
        var (state, random) = (new ParamState(A), new RandomState(7));
        Tensor Fail(Tensor x)
        {
            state.Value = x * 2;
            random.Uniform();
            throw new FormatException("of the user");
        }
        Expect.Throws<FormatException>("a function that fails while it is jitted", () => Jit(Fail)(A));
        Expect.Throws<FormatException>("a function that fails while it is differentiated", () => Grad(Fail).Invoke(A));
        Expect.Throws<FormatException>("a function that fails while it is mapped", () => Vmap((Tensor x) => Fail(x))(A));
        Expect.Elements<float>("a State after failures", [1, 2], state.Value);
        Expect.Elements<uint>("a generator after failures", [0, 7], random.Value);
    }

    private static void DisposedArgument()
    {
        ParamState first = new(A), second = new(A);
        var step = Jit((Tensor x) =>
        {
            first.Value = first.Value * 2;
            second.Value = second.Value + x;
            return x;
        });
        step(A);
        var disposed = A + 1;
        disposed.Dispose();
        Expect.Throws<ObjectDisposedException>("a step on a disposed argument", () => step(disposed));
        Expect.Elements<float>("the first State after a step that could not run", [2, 4], first.Value);
        Expect.Elements<float>("the second State after a step that could not run", [2, 4], second.Value);
    }

    private sealed class TiedModel : Module
    {
        public TiedModel() => Again = First;

        public ParamState First { get; } = new(A);

        public ParamState Again { get; }
    }

    private static void Tied()
    {
        var model = new TiedModel();
        var weights = model.States<ParamState>();
        Expect.That(weights.Count == 1, "a State with two names is one State");
        var optimizer = new Sgd(0.25).RegisterTrainableWeights(weights);
        var step = Jit(() =>
        {
            var gradients = Grad(() => Np.Sum(model.First.Value * model.Again.Value)).Of(weights).Invoke();
            optimizer.Update(gradients);
            return gradients.Values[0];
        });
        Expect.Elements<float>("the gradient of a State that is used by two names is the sum", [2, 4], step());
        Expect.Elements<float>("a State with two names is updated once", [0.5f, 1], model.Again.Value);
    }

    private static JitOptions Donating => new() { Name = "step", DonateArguments = [0] };

    private static Tensor Fresh() => Np.Zeros([1000]) + 1;

    private static void Poison()
    {
        var f = Jit((Tensor x, Tensor y) => (x + y, y), Donating);
        var (x, y) = (Fresh(), Fresh());
        Expect.Same("the result of a step with a donated argument", Np.Full([1000], 2, DType.Float32), f(x, y).Item1);
        Expect.Same("an argument that was not donated", Np.Full([1000], 1, DType.Float32), y);
        var failure = Expect.Throws<ObjectDisposedException>("touching a donated tensor", () => _ = x + 1);
        Expect.That(failure.Message.Contains("step", StringComparison.Ordinal), "the error of touching a donated tensor must name the call that took it");
    }

    private static void SharedDonation()
    {
        var f = Jit((Tensor x) => (x, x * 2), Donating);
        var state = new ParamState(Fresh());
        var (same, twice) = f(state.Value);
        Expect.Same("a State whose value was donated", Np.Full([1000], 1, DType.Float32), state.Value);
        Expect.Same("a donated argument that is also a result", Np.Full([1000], 1, DType.Float32), same);
        Expect.Same("the result of a step on the value of a State", Np.Full([1000], 2, DType.Float32), twice);
        var (x, g) = (Fresh(), Jit((Tensor a, Tensor b) => (a + 1, b * 3), Donating));
        var (first, second) = g(x, x);
        Expect.Same("a tensor that is given twice and donated once", Np.Full([1000], 2, DType.Float32), first);
        Expect.Same("the same tensor as the other argument", Np.Full([1000], 3, DType.Float32), second);
    }

    private static void DonationLoop()
    {
        var step = Jit((Tensor x) => Np.Flip(x) + 1, Donating);
        var x = Np.Arange(1000).AsType(DType.Float32) + 0;
        for (var i = 0; i < 20; i++) x = step(x);
        Expect.Same("20 steps that donate their argument", Np.Arange(1000).AsType(DType.Float32) + 20, x);
    }

    private static void NeverTorn(ConformanceTarget target)
    {
        // Many States, so that there is time between the first and the last.
        var states = Enumerable.Range(0, 24).Select(static _ => new LongTermState(Np.Zeros([]))).ToArray();
        var write = Jit((Tensor x) =>
        {
            for (var i = 0; i < states.Length; i++) states[i].Value = x + i;
            return x * 1;
        });
        var read = Jit(() => Np.Sum(Np.Stack([.. states.Select((s, i) => Np.Abs(s.Value - i - states[0].Value))])));
        write(Np.Array(0.0));
        read();
        Deadline.OnThreads(4, "jitted steps may run on several threads", worker =>
        {
            using var scope = target.Runtime.Enter();
            for (var i = 0; i < 40; i++)
            {
                if (worker < 2) write(Np.Array(worker * 1000.0 + i));
                else Expect.Close("how far the States of one step are apart when another thread reads them", 0, (double)read(), 0);
            }
        });
    }

    private static void LastCommitWins(ConformanceTarget target)
    {
        ParamState first = new(Np.Zeros([500])), second = new(Np.Zeros([500]));
        var step = Jit(() => (first.Value, second.Value) = (first.Value + 1, second.Value + 2));
        step();
        Deadline.OnThreads(4, "one jitted step may run on several threads", _ =>
        {
            using var scope = target.Runtime.Enter();
            for (var i = 0; i < 25; i++) step();
        });
        Expect.Same("the second State, which every step moves twice as far as the first", first.Value * 2, second.Value);
        var steps = (double)first.Value[0];
        Expect.That(steps is >= 2 and <= 101, $"101 steps of which each adds 1 left {steps}");
    }
}
