using System.Runtime.CompilerServices;
using BrainState.Ops;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Debugging;

/// <summary>The first equation that makes NaN or infinity is found where it is, and named with the line that the user wrote.</summary>
public sealed class DebugNanTests
{
    private static readonly Tensor X = new[] { 1f, -2f, 0f };

    private static NonFiniteException Fault(Action action) => Assert.Throws<NonFiniteException>(action);

    private static int Line([CallerLineNumber] int line = 0) => line;

    private static int fault;

    private static Tensor Root(Tensor x)
    {
        var y = x * 2;
        fault = Line() + 1;
        var z = Lax.Sqrt(y);
        return Np.Sum(z + 1);
    }

    [Fact]
    public void TheLineIsThatOfTheUser()
    {
        foreach (var run in new Action[] { () => DebugNan(Root)(X), () => DebugNan(Jit((Tensor x) => Root(x)))(X), () => DebugNan((Tensor x) => Grad(Root).Invoke(x))(X), () => Jit((Tensor x) => Root(x))(X) })
        {
            using var always = Environ.Context(Environ.DebugNan, true);
            var failure = Fault(run);
            Assert.StartsWith("sqrt made NaN of finite operands: f32[3] -> f32[3].\n   at ", failure.Message, StringComparison.Ordinal);
            Assert.EndsWith($"DebugNanTests.cs:line {fault}", failure.Message, StringComparison.Ordinal);
            Assert.IsType<Sqrt>(failure.Equation.Op);
        }
    }

    [Fact]
    public void TheBackwardPassNamesTheForwardLine()
    {
        var line = 0;
        Tensor Norm(Tensor x)
        {
            var squares = Np.Sum(x * x);
            line = Line() + 1;
            return Lax.Sqrt(squares);
        }
        Norm(Np.Zeros([2]));
        var failure = Fault(() => DebugNan((Tensor x) => Grad(Norm).Invoke(x))(Np.Zeros([2])));
        Assert.EndsWith($"DebugNanTests.cs:line {line}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("made infinity of finite operands: f32[]", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Norm", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoopsBranchesAndScopesAreNamed()
    {
        Tensor Step(Tensor x)
        {
            using (NamedScope("encoder"))
            using (NamedScope("log"))
                return Cond(x > 5, () => x, () => Lax.Log(x));
        }
        Assert.StartsWith("log made infinity of finite operands: f32[] -> f32[], in branch 0 of cond, in step 2 of scan, in scope encoder/log.\n   at ",
            Fault(() => DebugNan(() => ForLoop(Step, Tensor.From<float>([1, 2, 0])))()).Message, StringComparison.Ordinal);
        Assert.Contains("in step 1 of while", Fault(() => DebugNan(() => WhileLoop(static x => x < 3, static x => Lax.Log(x), Np.Array(1f)))()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ResultsAndStatesAreThoseOfAnOrdinaryRun()
    {
        Tensor weight = new[] { 0.5f, 2f, 1f };
        ParamState plain = new(weight, "w"), debugged = new(weight, "w");
        Tensor Step(ParamState w, Tensor x)
        {
            var (total, ys) = Scan((Tensor c, Tensor v) => (c + v, c * v), Np.Array(0f), w.Value * x, new() { Reverse = true });
            w.Value = w.Value + ys;
            return WhileLoop(static v => v < 100, v => v * 2 + 1, total * total);
        }
        var expected = Jit((Tensor x) => Step(plain, x))(X);
        var actual = DebugNan(Jit((Tensor x) => Step(debugged, x)))(X);
        Assert.Equal(expected.ToArray<float>(), actual.ToArray<float>());
        Assert.Equal(plain.Value.ToArray<float>(), debugged.Value.ToArray<float>());
        Assert.Equal(Grad((Tensor x) => Np.Sum(Lax.Exp(x))).Invoke(X).ToArray<float>(), DebugNan((Tensor x) => Grad((Tensor v) => Np.Sum(Lax.Exp(v))).Invoke(x))(X).ToArray<float>());
        Assert.Equal([1f, float.NegativeInfinity, 0f], DebugNan((Tensor x) => Np.Where(x < 0, float.NegativeInfinity, x))(X).ToArray<float>());
    }

    [Fact]
    public void AFaultOfAJittedFunctionChangesNoState()
    {
        var state = new ParamState(X, "w");
        Fault(() => DebugNan(Jit(() => { state.Value = state.Value * 2; return Lax.Log(state.Value); }))());
        Assert.Equal([1f, -2f, 0f], state.Value.ToArray<float>());
    }

    [Fact]
    public void ScopesAreInErrorsAndDrawings()
    {
        var jaxpr = MakeJaxpr((Tensor x) =>
        {
            using (NamedScope("head")) return Lax.Exp(x);
        })(X);
        Assert.Equal("head", Assert.Single(jaxpr.Program.Equations).Origin!.Scope);
        Assert.Contains("subgraph g1[\"head\"]", jaxpr.Program.ToMermaid(), StringComparison.Ordinal);
        Assert.Equal("bad (in head)", Assert.Throws<JitErrorException>(static () =>
        {
            using (NamedScope("head")) JitErrorIf(X > 0, $"bad");
        }).Message);
        Assert.Throws<ArgumentException>(static () => NamedScope("a/b"));
        var outside = MakeJaxpr((Tensor x) => Lax.Exp(x))(X);
        Assert.Null(Assert.Single(outside.Program.Equations).Origin);
        Assert.Equal(outside.Program, jaxpr.Program);
    }

    [Fact]
    public void ScopesSurviveDerivativesAndBatching()
    {
        static Tensor F(Tensor x)
        {
            using (NamedScope("f")) return Np.Sum(Lax.Exp(x));
        }
        var gradient = MakeJaxpr((Tensor x) => Grad(F).Invoke(x))(X).Program;
        Assert.Contains(gradient.Equations, static e => e.Op is Exp && e.Origin?.Scope == "f");
        Assert.Contains(gradient.Equations, static e => e.Op is Mul && e.Origin is { Scope: "f", IsBackward: true });
        Assert.Contains(MakeJaxpr((Tensor x) => Vmap((Tensor v) => F(v))(x))(Np.Ones([2, 3])).Program.Equations, static e => e.Op is Exp && e.Origin?.Scope == "f");
    }
}
