using System.Diagnostics;
using System.Runtime.CompilerServices;
using BrainState.Nn;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>What makes a jitted function trace again, what does not, and what it says about it.</summary>
public sealed class JitKeyTests
{
    private static readonly Tensor A = new[] { 1f, 2f };

    private static (int, string) Of(Delegate jitted) => (JitFunction.Of(jitted).TraceCount, JitFunction.Of(jitted).LastTraceReason);

    [Fact]
    public void EqualKeysAreTracedOnce()
    {
        var f = Jit((Tensor x) => x + 1);
        Assert.Equal((0, "it was never traced"), Of(f));
        for (var i = 0; i < 3; i++) f(A * i);
        f(new[] { 5f, 6f }); // From the host, another handle, the same spec.
        Assert.Equal((1, "it was never traced before, or what it had touched is gone"), Of(f));
    }

    [Fact]
    public void ShapeDtypeAndWeaknessOfArgumentsCount()
    {
        var f = Jit((Tensor x, Tensor y) => x + y);
        f(A, 1f);
        f(A, 2f);
        Assert.Equal(1, JitFunction.Of(f).TraceCount);
        f(A, A);
        Assert.Equal((2, "tensor 1 of the arguments is f32[2], where it was weak f32[]"), Of(f));
        f(A, Np.Array(1.0));
        Assert.Equal((3, "tensor 1 of the arguments is f32[], where it was f32[2]"), Of(f));
        f(A.AsType(DType.Float64), A);
        Assert.Equal((4, "tensor 0 of the arguments is f64[2], where it was f32[2]"), Of(f));
        f(A, 3f);
        f(A, Np.Array(9.0));
        Assert.Equal(4, JitFunction.Of(f).TraceCount);
    }

    [Fact]
    public void StaticValuesCount()
    {
        var f = Jit((Tensor x, int n, string? name) => x * n);
        f(A, 1, "a");
        f(A, 2, "a");
        Assert.Equal((2, "a static argument is 2, where it was 1"), Of(f));
        f(A, 2, null);
        Assert.Equal((3, "a static argument is null, where it was a"), Of(f));
        f(A, 3, "b");
        Assert.Equal((4, "a static argument is 3, where it was 2; a static argument is b, where it was null"), Of(f));
    }

    [Fact]
    public void SpecsOfStatesCountAndTheirValuesDoNot()
    {
        var state = new ParamState(A, name: "w");
        var f = Jit((Tensor x) => x * Np.Sum(state.Value));
        Assert.Equal([3f, 6], f(A).ToArray<float>());
        state.Value = A * 2;
        Assert.Equal([6f, 12], f(A).ToArray<float>());
        Assert.Equal(1, JitFunction.Of(f).TraceCount);
        state.Value = Np.Ones([3]);
        Assert.Equal([3f, 6], f(A).ToArray<float>());
        Assert.Equal((2, "ParamState 'w' holds f32[3], where it held f32[2]"), Of(f));
        state.Value = 5f;
        Assert.Equal([5f, 10], f(A).ToArray<float>());
        Assert.Equal((3, "ParamState 'w' holds weak f32[], where it held f32[3]"), Of(f));
        state.Value = A;
        f(A);
        Assert.Equal(3, JitFunction.Of(f).TraceCount);
    }

    [Fact]
    public void SettingsThatTheFunctionReadCount()
    {
        var f = Jit((Tensor x) => Environ.Get<bool>(Environ.Fit) ? x * 2 : x);
        var g = Jit((Tensor x) => x * Environ.Get<double>(Environ.Dt));
        var h = Jit((Tensor _) => Np.Zeros([1]));
        using (Environ.Context(Environ.Dt, 0.5))
        {
            using (Environ.Context(Environ.Fit, true)) Assert.Equal([2f, 4], f(A).ToArray<float>());
            using (Environ.Context(Environ.Fit, false)) Assert.Equal([1f, 2], f(A).ToArray<float>());
            Assert.Equal((2, "the setting 'fit' is False, where it was True"), Of(f));
            using (Environ.Context(Environ.Fit, true)) Assert.Equal([2f, 4], f(A).ToArray<float>());
            Assert.Equal(2, JitFunction.Of(f).TraceCount);

            g(A);
            using (Environ.Context(Environ.Fit, true)) g(A); // It does not read this one.
            Assert.Equal(1, JitFunction.Of(g).TraceCount);
            using (Environ.Context(Environ.Dt, 0.25)) Assert.Equal([0.25f, 0.5f], g(A).ToArray<float>());
            Assert.Equal((2, "the setting 'dt' is 0.25, where it was 0.5"), Of(g));

            Assert.Equal(DType.Float32, h(A).DType);
            using (Environ.Context(Environ.Precision, 64)) Assert.Equal(DType.Float64, h(A).DType);
            Assert.Equal((2, "the setting 'precision' is 64, where it was not set"), Of(h));
        }
        Assert.Throws<KeyNotFoundException>(() => g(A));
    }

    [Fact]
    public void SettingsReadByAnInnerCompiledFunctionCountForTheOuter()
    {
        var inner = Jit((Tensor x) => Environ.Get<bool>(Environ.Fit) ? x * 2 : x);
        var outer = Jit((Tensor x) => inner(x) + 1);
        using (Environ.Context(Environ.Fit, true)) inner(A); // Now the outer function will not see it being traced.
        using (Environ.Context(Environ.Fit, true)) Assert.Equal([3f, 5], outer(A).ToArray<float>());
        using (Environ.Context(Environ.Fit, false)) Assert.Equal([2f, 3], outer(A).ToArray<float>());
        Assert.Equal(2, JitFunction.Of(outer).TraceCount);
    }

    [Fact]
    public void WhatIsSetInsideTheFunctionIsNoPartOfTheKey()
    {
        var f = Jit((Tensor x) =>
        {
            using var scope = Environ.Context(Environ.Dt, 0.5);
            return x * Environ.Get<double>(Environ.Dt) + Np.Sum(Vmap((Tensor _) => UnVmap(x, LaneReduction.Max))(x));
        });
        for (var call = 0; call < 3; call++) Assert.Equal([4.5f, 5], f(A).ToArray<float>());
        using (Environ.Context(Environ.Dt, 2.0)) f(A);
        Assert.Equal(1, JitFunction.Of(f).TraceCount);
    }

    [Fact]
    public void SpecsOfStatesThatAnInnerCompiledFunctionOnlyLooksAtCountForTheOuter()
    {
        var state = new ParamState(A);
        var inner = Jit((Tensor x) => x * state.Value.Shape[0]);
        var outer = Jit((Tensor x) => inner(x) + 1);
        Assert.Equal([3f, 5], outer(A).ToArray<float>());
        state.Value = Np.Ones([5]);
        Assert.Equal([6f, 11], outer(A).ToArray<float>());
        var cached = Jit((Tensor x) => inner(x) + 1);
        cached(A);
        state.Value = Np.Ones([7]);
        Assert.Equal([8f, 15], cached(A).ToArray<float>());
        Assert.Equal([8f, 15], Jit((Tensor x) => Grad((Tensor y) => Np.Sum(inner(y) * y)).Invoke(x) / 2 + 1)(A).ToArray<float>());
    }

    [Fact]
    public void AMaximumOfTracesIsAnErrorThatExplains()
    {
        var f = Jit((Tensor x) => x, new() { MaxTraces = 1, Name = "step" });
        f(A);
        f(A);
        Assert.Equal("step was traced 1 times already, and at most 1 are allowed. It would be traced again because tensor 0 of the arguments is f32[3], where it was f32[2].",
            Assert.Throws<InvalidOperationException>(() => f(Np.Ones([3]))).Message);
        f(A);
    }

    [Fact]
    public void ClearingTheCacheTracesAgain()
    {
        var f = Jit((Tensor x) => x * 2);
        f(A);
        JitFunction.Of(f).ClearCache();
        Assert.Equal([2f, 4], f(A).ToArray<float>());
        Assert.Equal((2, "it was never traced before, or what it had touched is gone"), Of(f));
    }

    [Fact]
    public void NamesComeFromMethodsOrOptions()
    {
        Assert.Equal(nameof(NamesComeFromMethodsOrOptions), JitFunction.Of(Jit((Tensor x) => x)).Name);
        Assert.Equal("Static", JitFunction.Of(Jit(Static)).Name);
        Assert.Equal("mine", JitFunction.Of(Jit(Static, new() { Name = "mine" })).Name);
        Assert.Equal("Grad(Static)", JitFunction.Of(Jit(Grad(Static))).Name);
        Assert.Equal("This delegate was not made by Jit. (Parameter 'jitted')", Assert.Throws<ArgumentException>(() => JitFunction.Of(Static)).Message);
    }

    private static Tensor Static(Tensor x) => Np.Sum(x);

    [Fact]
    public void ACollectedStateTakesItsEntryWithIt()
    {
        var owner = new StrongBox<ParamState?>();
        var f = Jit((Tensor x) => x * owner.Value!.Value);
        var reference = Use(f, owner);
        Collect();
        Assert.False(reference.TryGetTarget(out _));
        owner.Value = new ParamState(A * 10);
        Assert.Equal([10f, 40], f(A).ToArray<float>());
        Assert.Equal((2, "it was never traced before, or what it had touched is gone"), Of(f));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<ParamState> Use(Func<Tensor, Tensor> f, StrongBox<ParamState?> owner)
    {
        owner.Value = new ParamState(A);
        f(A);
        f(A);
        var reference = new WeakReference<ParamState>(owner.Value);
        owner.Value = null;
        return reference;
    }

    private sealed class Model : Module
    {
        public ParamState Weight { get; } = new(A);
    }

    [Fact]
    public void AModuleArgumentIsNotKeptAlive()
    {
        var f = Jit((Model m, Tensor x) => x * m.Weight.Value);
        var g = Grad((Model m, Tensor x) => Np.Sum(x * m.Weight.Value)).Arg1();
        var reference = UseModel(f, (m, x) => g.Invoke(m, x));
        Collect();
        Assert.False(reference.TryGetTarget(out _));
        Assert.Equal([1f, 4], f(new Model(), A).ToArray<float>());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Model> UseModel(params Func<Model, Tensor, Tensor>[] functions)
    {
        var model = new Model();
        foreach (var f in functions) f(model, A);
        return new(model);
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [Fact]
    public void ManyStaticNumbersGiveAWarning()
    {
        var listener = new Collector();
        System.Diagnostics.Trace.Listeners.Add(listener);
        try
        {
            var f = Jit((Tensor x, int n) => x + n, new() { Name = "counting" });
            for (var n = 0; n < 18; n++) f(A, n);
        }
        finally
        {
            System.Diagnostics.Trace.Listeners.Remove(listener);
        }
        Assert.Equal(["counting was compiled for 16 values of a static argument. Pass it as a Tensor to compile once."], listener.Messages.Where(m => m.Contains("counting")));
    }

    private sealed class Collector : TraceListener
    {
        public List<string> Messages { get; } = [];

        public override void TraceEvent(TraceEventCache? cache, string source, TraceEventType type, int id, string? message)
        {
            lock (Messages) Messages.Add(message ?? "");
        }

        public override void Write(string? message) { }

        public override void WriteLine(string? message) { }
    }

    [Fact]
    public void ManyThreadsTraceOnce()
    {
        var runs = 0;
        var f = Jit((Tensor x) =>
        {
            Interlocked.Increment(ref runs);
            return x * 2;
        });
        Parallel.For(0, 32, i => Assert.Equal([2f * i, 4f * i], f(A * i).ToArray<float>()));
        Assert.Equal(1, runs);
    }
}
