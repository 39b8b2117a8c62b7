using BrainState.Hosting;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.UnitTests.BackendKit;
using BrainState.UnitTests.Hosting;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>A jitted call writes new values of States over the old ones, and nobody can tell.</summary>
public sealed class StateUpdateTests
{
    private const long Bytes = 4000;

    /// <summary>A State of whose value there is no other handle.</summary>
    private static ParamState Fresh(double start = 1)
    {
        using var value = Np.Zeros([1000]) + start;
        return new(value);
    }

    private static float First(Tensor x) => x.ToArray<float>()[0];

    /// <summary>How many bytes of States of 4,000 each a step writes over others.</summary>
    public static TheoryData<string, long> Steps => new()
    {
        { "add", Bytes },
        { "momentum", 2 * Bytes },
        { "swap", 0 },
        { "two results of one", Bytes },
        { "read again later", 0 },
        { "read in another order", 0 },
        { "part", Bytes },
        { "half precision", Bytes / 2 },
        { "other size", 0 },
        { "before a loop", 0 },
        { "after a loop", Bytes },
        { "carried", 0 },
        { "read only", 0 },
        { "unchanged", 0 },
        { "checked", 0 },
    };

    [Theory, MemberData(nameof(Steps))]
    public void AStepSaysWhatItWritesOver(string name, long expected)
    {
        var (a, b) = (Fresh(), Fresh(2));
        var half = new ParamState(Np.Zeros([1000], DType.Float16));
        Func<Tensor> function = name switch
        {
            "add" => () => a.Value += 1,
            "momentum" => () => a.Value -= 0.1 * (b.Value = 0.9 * b.Value + Np.Cos(a.Value)),
            "swap" => () => { (a.Value, b.Value) = (b.Value, a.Value); return a.Value; },
            "two results of one" => () => { (a.Value, b.Value) = (a.Value + 1, a.Value * 2); return a.Value; },
            "read again later" => () => { var old = a.Value; a.Value = old * 2; return Np.Flip(old) + Np.CumSum(a.Value); },
            "read in another order" => () => a.Value = a.Value + Np.Flip(a.Value),
            "part" => () => a.Value = a.Value.At(2..4).Set(7.0),
            "half precision" => () => half.Value = half.Value * 2,
            "other size" => () => a.Value = Np.Concatenate([a.Value, a.Value]),
            "before a loop" => () => { a.Value += 1; return WhileLoop(static x => x < 3, static x => x + 1, Np.Array(0.0)); },
            "after a loop" => () => a.Value += WhileLoop(static x => x < 3, static x => x + 1, Np.Array(0.0)),
            "carried" => () => a.Value = WhileLoop(static x => Np.Sum(x) < 3, static x => x + 1, a.Value),
            "read only" => () => a.Value + 1,
            "unchanged" => () => a.Value = a.Value,
            "checked" => () => { JitErrorIf(Np.Any(a.Value < 0), $"no"); return a.Value += 1; },
            _ => throw new ArgumentException(name),
        };
        var step = Jit(function);
        step();
        Assert.Equal(expected, JitFunction.Of(step).Memory?.Aliased ?? 0);
    }

    [Fact]
    public void AStateTakesItsMemoryOnce()
    {
        const int bytes = 4 << 20;
        using var runtime = BrainStateRuntime.Create();
        using var scope = runtime.Enter();
        var state = new ParamState(Tensor.From<float>(new float[bytes / 4], [bytes / 4]));
        var step = Jit(() => { state.Value += 1; return state.Value[0]; });
        for (var i = 0; i < 5; i++) step().Dispose();
        var (inUse, reserved) = runtime.Memory!.Value;
        Assert.InRange(inUse, bytes, bytes + 10_000);
        Assert.InRange(reserved, inUse, inUse + 10_000);
        state.Value = 0f;
        Assert.InRange(runtime.Memory!.Value.InUse, 0, 10_000);
        Assert.Equal(reserved, runtime.Memory!.Value.Reserved);
    }

    [Fact]
    public void AHandleToTheOldValueStaysWhatItIs()
    {
        var state = Fresh();
        var step = Jit(() => state.Value += 1);
        step();
        using var old = state.Value;
        step();
        step();
        Assert.Equal((2f, 4f), (First(old), First(state.Value)));
    }

    [Fact]
    public void ValuesThatTwoStatesShareStayForTheOther()
    {
        var first = Fresh();
        var second = new ParamState(first.Value);
        Jit(() => first.Value += 1)();
        Assert.Equal((2f, 1f), (First(first.Value), First(second.Value)));
    }

    [Fact]
    public void MemoryOfTheHostIsNotWrittenTo()
    {
        var numbers = new float[1000];
        var state = new ParamState(Tensor.From<float>(numbers, [1000]));
        var step = Jit(() => state.Value += 1);
        step();
        step();
        Assert.Equal((0f, 2f), (numbers[0], First(state.Value)));
    }

    [Fact]
    public async Task WhoReadsDuringACallWaitsForItsEnd()
    {
        using var waiting = new WaitingBackend();
        var state = waiting.State();
        var call = waiting.Start(Jit(() => state.Value = Np.Sin(state.Value * 0) + 5));
        var readers = new[] { waiting.Start(() => state.Value), waiting.Start(Jit(() => state.Value * 1)), waiting.Start(() => Grad(() => Np.Sum(state.Value * state.Value)).Of(state).Invoke() / 2) };
        await Task.Delay(50);
        Assert.DoesNotContain(readers, static reader => reader.IsCompleted);
        waiting.GoOn();
        foreach (var reader in readers) Assert.Equal(5f, First(await Result(reader)));
        await Result(call);
    }

    [Fact]
    public async Task AfterACallThatFailsTheOldValueIsThere()
    {
        using var waiting = new WaitingBackend { Fails = true };
        var state = waiting.State();
        var call = waiting.Start(Jit(() => state.Value = Np.Sin(state.Value)));
        var reader = waiting.Start(() => state.Value);
        waiting.GoOn();
        Assert.Equal(1f, First(await Result(reader)));
        await Assert.ThrowsAnyAsync<Exception>(() => Result(call));
        Assert.Equal(1f, First(state.Value));
    }

    [Fact]
    public async Task NobodyWaitsForAValueThatAHandleKeeps()
    {
        using var waiting = new WaitingBackend();
        var state = waiting.State();
        using var handle = state.Value;
        var call = waiting.Start(Jit(() => state.Value = Np.Sin(state.Value * 0) + 5));
        Assert.Equal(1f, First(await Result(waiting.Start(() => state.Value))));
        waiting.GoOn();
        await Result(call);
        Assert.Equal((1f, 5f), (First(handle), First(state.Value)));
    }

    [Fact]
    public async Task AWriteDuringACallIsSeenAtOnceAndTheCallWins()
    {
        using var waiting = new WaitingBackend();
        var state = waiting.State();
        var call = waiting.Start(Jit(() => state.Value = Np.Sin(state.Value * 0) + 5));
        var reader = waiting.Start(() => state.Value);
        await Result(waiting.Start(() => state.Value = Np.Zeros([1000]) + 7));
        Assert.Equal(7f, First(await Result(reader)));
        waiting.GoOn();
        await Result(call);
        Assert.Equal(5f, First(state.Value));
    }

    /// <summary>Steps that want the same States in another order, and readers of some of them, come to an end; and no step of those that ran alone is lost.</summary>
    [Fact]
    public async Task StepsOnManyThreadsDoNotWaitForEachOther()
    {
        const int rounds = 200;
        var states = Enumerable.Range(0, 4).Select(static i => Fresh(i)).ToArray();
        Func<Tensor> Step(int[] order) => Jit(() =>
        {
            foreach (var i in order) states[i].Value += 1;
            return states[order[0]].Value[0];
        });
        var work = new[] { Step([0, 1, 2, 3]), Step([3, 2, 1, 0]), Step([2, 0]), Jit(() => states[1].Value + states[3].Value), () => states[2].Value };
        var tasks = work.Select(static step => Task.Factory.StartNew(() => { for (var i = 0; i < rounds; i++) step().Dispose(); }, TaskCreationOptions.LongRunning)).ToArray();
        await Task.WhenAll(tasks).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(rounds * 2 + 3f, First(states[3].Value)); // No step lost what another had added.
    }

    private static Task<Tensor> Result(Task<Tensor> task) => task.WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>A backend that stops in every sine until it is told to go on, or to fail.</summary>
    private sealed class WaitingBackend : IDisposable
    {
        private readonly ManualResetEventSlim reached = new(), opened = new();
        private readonly BrainStateRuntime runtime;

        public WaitingBackend()
        {
            HostValue?[]? Wait(Op op, HostValue[] operands)
            {
                if (op is not Sin) return null;
                reached.Set();
                opened.Wait();
                return Fails ? throw new InvalidOperationException("as it was told") : null;
            }
            runtime = StubFactory.Runtime("counted", factory: new(_ => new CountedBackend(Wait)));
        }

        public bool Fails { get; init; }

        /// <summary>A State that holds 1 on this backend.</summary>
        public ParamState State()
        {
            using var scope = runtime.Enter();
            return Fresh();
        }

        /// <summary>Begins something on another thread; the first call has reached a sine when this returns.</summary>
        public Task<Tensor> Start(Func<Tensor> call)
        {
            var isFirst = !reached.IsSet;
            var task = Task.Factory.StartNew(() =>
            {
                using var scope = runtime.Enter();
                return call();
            }, TaskCreationOptions.LongRunning);
            if (isFirst) Assert.True(reached.Wait(TimeSpan.FromMinutes(1)));
            return task;
        }

        public void GoOn() => opened.Set();

        public void Dispose()
        {
            GoOn();
            runtime.Dispose();
        }
    }
}
