using System.Runtime.CompilerServices;
using BrainState.Hosting;
using BrainState.Nn;
using static BrainState.Transforms;

namespace BrainState.UnitTests.States;

/// <summary>What must never happen: the bug history of BrainState and Flax, one test per line of the design (section 5) that transforms can reach.</summary>
public sealed class StateTraceTests
{
    private static readonly Tensor A = new[] { 1f, 2f };

    [Fact]
    public void ACompiledTraceIsNotStaleAfterAStateChangesItsShape()
    {
        var state = new ParamState(A);
        var f = Jit(() => state.Value * state.Value.Shape[0]);
        Assert.Equal([2f, 4f], f().ToArray<float>());
        state.Value = Np.Ones([3]);
        Assert.Equal([3f, 3f, 3f], f().ToArray<float>());
        var grow = Jit(() => state.Value = Np.Concatenate([state.Value, state.Value]));
        grow();
        grow();
        Assert.Equal([12], state.Spec.Shape.ToArray());
        Assert.Equal(12f, f().ToArray<float>()[0]);
    }

    [Fact]
    public void AFailedTraceLeavesNoDeadTracers()
    {
        var (state, random) = (new ParamState(A), new RandomState(7));
        var key = random.Value.ToArray<uint>();
        Tensor Fail(Tensor x)
        {
            state.Value = x * 2;
            random.Uniform();
            throw new FormatException("user");
        }
        Assert.Throws<FormatException>(() => Jit(Fail)(A));
        Assert.Throws<FormatException>(() => Grad(Fail).Invoke(A));
        Assert.Throws<FormatException>(() => Vjp(Fail, A));
        Assert.Throws<FormatException>(() => Jvp(Fail, A, A));
        Assert.Throws<FormatException>(() => MakeJaxpr(Fail)(A));
        Assert.Throws<FormatException>(() => Jit((Tensor x) => Grad(Fail).Invoke(x))(A));
        Assert.Throws<FormatException>(() => Vmap((Tensor x) => Fail(x))(A));
        Assert.Throws<FormatException>(() => ForLoop(Fail, A));
        Assert.Throws<FormatException>(() => WhileLoop(static x => Np.Sum(x) < 9, Fail, A));
        Assert.Throws<FormatException>(() => Cond(true, static x => x, Fail, A));
        Assert.Throws<FormatException>(() => Checkpoint((Tensor x) => Fail(x))(A));
        Assert.Equal([1f, 2f], state.Value.ToArray<float>());
        Assert.Equal(key, random.Value.ToArray<uint>());
        Assert.False((state.Value + 1).IsTraced); // And no trace is left in progress.
    }

    [Fact]
    public void AStateBornInATraceIsPoisonedOutsideUntilAConcreteValueIsAssigned()
    {
        ParamState? born = null;
        var f = Jit((Tensor x) => (born = new ParamState(x * 2, name: "born")).Value);
        Assert.Equal([2f, 4f], f(A).ToArray<float>());
        const string Message = "ParamState 'born' was created while a function was traced, and its value stands for something inside that trace. "
            + "Create States outside of transforms, return the value from the function, or assign a concrete value first.";
        Assert.Equal(Message, Assert.Throws<TracedValueException>(() => born!.Value).Message);
        Assert.Equal(Message, Assert.Throws<TracedValueException>(() => Jit(() => born!.Value)()).Message);
        Assert.Equal([2f, 4f], f(A).ToArray<float>());
        born!.Value = A;
        Assert.Equal([1f, 2f], born.Value.ToArray<float>());
        Assert.Equal([1f, 2f], Jit(() => born.Value)().ToArray<float>());
    }

    [Fact]
    public void AStateBornInATraceWorksWithinIt()
    {
        var f = Jit((Tensor x) =>
        {
            var local = new HiddenState(x);
            for (var i = 0; i < 3; i++) local.Value *= 2;
            var gradient = Grad((Tensor y) =>
            {
                local.Value += y;
                return Np.Sum(local.Value * y);
            }).Invoke(x);
            return (local.Value, gradient);
        });
        var (value, gradient) = f(A);
        Assert.Equal([9f, 18f], value.ToArray<float>()); // 8x + x
        Assert.Equal([10f, 20f], gradient.ToArray<float>()); // d/dy (8x + y)·y at y = x
        Assert.Equal([9f, 18f], f(A).Item1.ToArray<float>());
    }

    [Fact]
    public void StoringATracedValueOutsideItsTraceRaisesAtTheWrite()
    {
        var state = new ParamState(A);
        Tensor? leaked = null;
        Jit((Tensor x) => leaked = x * 2)(A);
        const string Message = "A traced tensor f32[2] is used outside the transform that made it. It was probably stored in a field, a captured variable or "
            + "a collection while a function was traced. Return it from the function instead, or keep it in a State.";
        Assert.Equal(Message, Assert.Throws<TracedValueException>(() => state.Value = leaked!).Message);
        Assert.Equal(Message, Assert.Throws<TracedValueException>(() => Jit(() => state.Value = leaked!)()).Message);
        Assert.Equal(Message, Assert.Throws<TracedValueException>(() => new ParamState(leaked!)).Message);
        Assert.Equal(Message, Assert.Throws<TracedValueException>(() => leaked! + 1).Message);
        Assert.Equal(Message, Assert.Throws<TracedValueException>(() => Jit((Tensor x) => x + leaked!)(A)).Message);
        Assert.Equal([1f, 2f], state.Value.ToArray<float>());

        // From another thread, the transform in progress here is outside.
        Jit((Tensor x) =>
        {
            Exception? failure = null;
            var thread = new Thread(() => failure = Record.Exception(() => state.Value = x));
            thread.Start();
            thread.Join();
            Assert.Equal("A traced tensor f32[2] cannot be stored into ParamState outside the transform that made it. Return it from the function and store the result.",
                Assert.IsType<TracedValueException>(failure).Message);
            return x;
        })(A);
        Assert.Equal([1f, 2f], state.Value.ToArray<float>());
    }

    private sealed class TiedModel : Module
    {
        public TiedModel() => Again = First;

        public ParamState First { get; } = new(A);

        public ParamState Again { get; }
    }

    [Fact]
    public void ATiedStateIsUpdatedOnceAndItsGradientIsTheSum()
    {
        var model = new TiedModel();
        var weights = model.States<ParamState>();
        Assert.Single(weights);
        var optimizer = new Sgd(0.5).RegisterTrainableWeights(weights);
        var gradients = Grad(() => Np.Sum(model.First.Value * model.Again.Value)).Of(weights).Invoke();
        Assert.Equal([2f, 4f], gradients.Values[0].ToArray<float>());
        optimizer.Update(gradients);
        Assert.Equal([0f, 0f], model.First.Value.ToArray<float>());
        var list = Grad(() => Np.Sum(model.First.Value * 3f)).Of([model.First, model.Again]).Invoke();
        new Sgd(0.5).RegisterTrainableWeights((ParamState[])[model.First, model.Again]).Update(list);
        Assert.Equal([-1.5f, -1.5f], model.Again.Value.ToArray<float>());
    }

    [Fact]
    public void APlanIsNotReusedAfterItsStateWasCollected()
    {
        var holder = new StrongBox<ParamState>();
        var f = Jit(() => holder.Value!.Value * 2);
        for (var i = 1; i < 4; i++)
        {
            Replace(holder, i);
            Collect();
            Assert.Equal([2f * i, 4f * i], f().ToArray<float>());
            Assert.Equal(i, JitFunction.Of(f).TraceCount);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Replace(StrongBox<ParamState> holder, float factor) => holder.Value = new ParamState(A * factor);

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    [Fact]
    public void UserCodeRunsOncePerTraceAndHasItsEffectsOnce()
    {
        var (state, runs) = (new ParamState(A), 0);
        Tensor Step()
        {
            runs++;
            state.Value += 1;
            return Np.Sum(state.Value);
        }
        Grad(Step).Of(state).WithValue().Invoke();
        Assert.Equal((1, 2f), (runs, (float)state.Value[0]));
        var jitted = Jit(Grad(Step).Of(state).WithValue());
        jitted();
        jitted();
        Assert.Equal((2, 4f), (runs, (float)state.Value[0]));
    }

    [Fact]
    public void ControlFlowAndMappingRunUserCodeOnce()
    {
        var (state, runs) = (new ParamState(0f), 0);
        Tensor Step(Tensor x)
        {
            runs++;
            state.Value += 1;
            return x * 2;
        }
        int Runs(Action action)
        {
            runs = 0;
            action();
            return runs;
        }
        Assert.Equal(1, Runs(() => ForLoop(Step, A)));
        Assert.Equal(1, Runs(() => CheckpointedForLoop(Step, Np.Ones([40]), new() { Progress = new() { Updates = 3 } }, branching: 2)));
        Assert.Equal(1, Runs(() => WhileLoop(static x => Np.Sum(x) < 9, Step, A)));
        Assert.Equal(1, Runs(() => BoundedWhileLoop(static x => Np.Sum(x) < 9, Step, A, 100, branching: 3)));
        Assert.Equal(2, Runs(() => Cond(true, Step, Step, A)));
        Assert.Equal(1, Runs(() => Checkpoint((Tensor x) => Step(x))(A)));
        Assert.Equal(1, Runs(() => Vmap((Tensor x) => Step(x))(A)));
        Assert.Equal(1, Runs(() => Jit(Grad((Tensor x) => Np.Sum(ForLoop(Step, Np.Stack([x, x])))))(A)));
        Assert.Equal(2 + 40 + 2 + 2 + 1 + 1 + 1 + 2, state.Value.ToScalar<float>());
    }

    [Fact]
    public void ConcurrentCommitsAreNeverTorn()
    {
        // Many States, so that there is time between the first and the last.
        var states = Enumerable.Range(0, 24).Select(static _ => new LongTermState(Np.Zeros([]))).ToArray();
        Tensor Write(Tensor x)
        {
            for (var i = 0; i < states.Length; i++) states[i].Value = x + i;
            return x * 1;
        }
        Tensor Spread() => Np.Sum(Np.Stack([.. states.Select((s, i) => Np.Abs(s.Value - i - states[0].Value))]));
        var (jitted, read) = (Jit(Write), Jit(Spread));
        jitted(Np.Array(0.0));
        read();
        var torn = 0;
        Parallel.For(0, 4, worker =>
        {
            for (var i = 0; i < 150; i++)
            {
                var x = Np.Array(worker * 1000 + i);
                if (worker == 0) jitted(x);
                else if (worker == 1) Grad(Write).Invoke(x);
                else if (worker == 2 && (float)read() != 0) Interlocked.Increment(ref torn);
                else if (worker == 3 && (float)Grad(Spread).Of(states[0]).WithValue().Invoke().Value != 0) Interlocked.Increment(ref torn);
            }
        });
        Assert.Equal(0, torn);
    }

    [Fact]
    public void SnapshotsAreTakenWhole()
    {
        var states = Enumerable.Range(0, 48).Select(static _ => new LongTermState(0f)).ToArray();
        Tensor Spread() => Np.Sum(Np.Stack([.. states.Select(s => Np.Abs(s.Value - states[0].Value))]));
        var (jitted, gradient, isDone) = (Jit(Spread), Grad(Spread).Of(states[0]).WithValue(), false);
        // It holds the lock nearly always, so that whoever asks for it once per State has to wait in between.
        var writer = new Thread(() =>
        {
            for (var i = 0; !Volatile.Read(ref isDone); i++)
            {
                lock (State.Commits)
                {
                    foreach (var state in states) state.Value = (float)i;
                }
            }
        });
        writer.Start();
        var torn = 0;
        for (var read = 0; read < 50; read++)
            if ((float)jitted() != 0 || (float)gradient.Invoke().Value != 0)
                torn++;
        Volatile.Write(ref isDone, true);
        writer.Join();
        Assert.Equal(0, torn);
    }

    /// <summary>An output that says that it was written to, and then waits.</summary>
    private sealed class Gate : StringWriter
    {
        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim Opened { get; } = new();

        public override void WriteLine(string? value)
        {
            Reached.Set();
            Opened.Wait();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SnapshotsAndCommitsWaitForOneLock(bool isJitted)
    {
        using var runtime = BrainStateRuntime.Create(static b => b.UseBackend("cpu"));
        using var scope = runtime.Enter();
        var (state, gate) = (new LongTermState(0f), new Gate());
        BrainState.Debug.Out = gate;
        Tensor Write(Tensor x)
        {
            BrainState.Debug.Print("running");
            return state.Value = state.Value + x;
        }
        var run = isJitted ? Jit(Write) : x => Grad(Write).Invoke(x);
        Thread Start()
        {
            var thread = new Thread(() => run(1f));
            thread.Start();
            return thread;
        }

        var call = Start();
        gate.Reached.Wait();
        lock (State.Commits)
        {
            gate.Opened.Set();
            Assert.False(call.Join(100)); // The program has run, and its States are not written.
            Assert.Equal(0, state.Value.ToScalar<float>());
        }
        call.Join();
        Assert.Equal(1, state.Value.ToScalar<float>());

        gate.Reached.Reset();
        lock (State.Commits)
        {
            call = Start();
            Assert.False(gate.Reached.Wait(100)); // It has not even begun.
        }
        call.Join();
        Assert.Equal(2, state.Value.ToScalar<float>());
    }

    [Fact]
    public void AFailureBeforeTheCommitLeavesEveryStateAsItWas()
    {
        var (a, b) = (new ParamState(A), new ParamState(A));
        var f = Jit((Tensor x) =>
        {
            a.Value = a.Value * 2;
            b.Value = b.Value + x;
            return x;
        });
        f(A);
        var disposed = A + 1;
        disposed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => f(disposed));
        Assert.Equal(([2f, 4f], [2f, 4f]), (a.Value.ToArray<float>(), b.Value.ToArray<float>()), new Pairs());
        Assert.Throws<ObjectDisposedException>(() => Grad((Tensor x) => Np.Sum((a.Value = x) * (b.Value = x))).Invoke(disposed));
        Assert.Equal(([2f, 4f], [2f, 4f]), (a.Value.ToArray<float>(), b.Value.ToArray<float>()), new Pairs());
    }

    private sealed class Pairs : IEqualityComparer<(float[], float[])>
    {
        public bool Equals((float[], float[]) x, (float[], float[]) y) => x.Item1.SequenceEqual(y.Item1) && x.Item2.SequenceEqual(y.Item2);

        public int GetHashCode((float[], float[]) value) => 0;
    }

    [Fact]
    public void AValueAssignedInATransformIsTheOneReadAfterwards()
    {
        var state = new ParamState(A);
        var f = Jit((Tensor x) =>
        {
            var before = state.Value;
            state.Value = x;
            var between = state.Value;
            state.Value = between + before;
            return (before, between, state.Value);
        });
        var (before, between, after) = f(A * 10);
        Assert.Equal([1f, 10f, 11f], new[] { before, between, after }.Select(t => (float)t[0]));
        Assert.Equal([11f, 22f], state.Value.ToArray<float>());
    }
}
