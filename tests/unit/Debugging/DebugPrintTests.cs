using BrainState.Ops;
using static BrainState.Transforms;
using Debug = BrainState.Debug;

namespace BrainState.UnitTests.Debugging;

/// <summary>Prints come once per run, in the order of the function, with the values of that run, under every transform.</summary>
public sealed class DebugPrintTests
{
    private static readonly Tensor X = new[] { 1f, 2f };

    private static string Printed(Action action) => Printing.Of(action);

    [Fact]
    public void TensorsAreOperandsAndTheRestIsText()
    {
        var (step, state) = (3, new ParamState(X, "w"));
        Assert.Equal("3: x = [1.00, 2.00], mean   1.5 {w} [1.0, 2.0] 2.5",
            Printed(() => Debug.Print($"{step}: x = {X:F2}, mean {Np.Mean(X),5:0.0} {{w}} {state} {2.5}")));
        Assert.Equal("a {0} b", Printed(() => Debug.Print("a {0} b")));
        Assert.Equal("| 7|7 |", Printed(() => Debug.Print($"|{7,2}|{"7",-2}|")));
    }

    [Fact]
    public void JitPrintsInEveryCallAlsoWhatNoResultNeeds()
    {
        var f = Jit((Tensor x) =>
        {
            Debug.Print($"in {x[0]}");
            var y = x * 2;
            Debug.Print($"out {Np.Sum(y):F0}");
            return y + 1;
        });
        Assert.Equal("in 1.0 out 6 in 5.0 out 10", Printed(() =>
        {
            f(X);
            f(new[] { 5f, 0f });
        }));
        Assert.Equal("only this", Printed(() => Jit(() => Debug.Print("only this"))()));
    }

    [Fact]
    public void DerivativesPrintOnceInTheForwardPass()
    {
        Tensor Loss(Tensor x)
        {
            Debug.Print($"a{x[0]:F0}");
            var y = ForLoop((Tensor v) => { Debug.Print($"s{v:F0}"); return v * v; }, x);
            var z = Cond(Np.Sum(x) > 0, static () => { Debug.Print("pos"); return Np.Array(1f); }, static () => { Debug.Print("neg"); return Np.Array(2f); });
            return Np.Sum(y) * z;
        }
        const string Expected = "a1 s1 s2 pos";
        Assert.Equal(Expected, Printed(() => Loss(X)));
        Assert.Equal(Expected, Printed(() => Grad(Loss).Invoke(X)));
        Assert.Equal(Expected, Printed(() => Jit(Grad(Loss))(X)));
        Assert.Equal(Expected, Printed(() => Jvp(Loss, X, X)));
        Assert.Equal(Expected, Printed(() => Grad(Checkpoint((Tensor x) => Loss(x))).Invoke(X)));
        Assert.Equal(Expected, Printed(() => Vjp(Loss, X).Pullback(1f)));
        Assert.Equal(Expected, Printed(() => JacFwd(Loss).Invoke(X)));
        Assert.Equal(Expected, Printed(() => JacRev(Loss).Invoke(X)));
    }

    [Fact]
    public void LoopsPrintInEveryStepAlsoWhenTheyAreCheckpointed()
    {
        Tensor Body(Tensor v)
        {
            Debug.Print($"{v:F0}");
            return v + 1;
        }
        Assert.Equal("0 1 2", Printed(() => WhileLoop(static v => v < 3, Body, Np.Array(0f))));
        Assert.Equal("0 1 2", Printed(() => Grad((Tensor x) => BoundedWhileLoop(static v => v < 3, Body, x, 100)).Invoke(Np.Array(0f))));
        Assert.Equal("2 1", Printed(() => ForLoop((Tensor v) => Body(v), X, new() { Reverse = true })));
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 20)), Printed(() =>
            Grad((Tensor x) => CheckpointedScan((Tensor c, Tensor _) => (Body(c), c), x, Np.Zeros([20]), branching: 3).Carry).Invoke(Np.Array(0f))));
    }

    [Fact]
    public void LanesPrintForThemselves()
    {
        Tensor F(Tensor x)
        {
            Debug.Print("same");
            Debug.Print($"x={x:F0}");
            return Cond(x > 1, () => { Debug.Print($"big {x:F0}"); return x; }, () => x * 2);
        }
        Assert.Equal("same x=1 x=2 big 2", Printed(() => Vmap((Tensor x) => F(x))(X)));
        Assert.Equal("same x=1 x=2 big 2", Printed(() => Jit(Vmap((Tensor x) => Grad(F).Invoke(x)))(X)));
    }

    [Fact]
    public void AFormatThatDoesNotFitIsRefusedAtOnce()
    {
        var failure = Assert.Throws<OpConstraintException>(() => Jit((Tensor x) => { Debug.Print($"{x > 0:F2}"); return x; })(X));
        Assert.Equal("debug_print (C1): the format '{0:F2}' does not fit (bool[2]): A bool has no format specifiers.", failure.Message);
    }

    [Fact]
    public void EachRuntimeHasItsOwnOutput() => Assert.Equal("outer outer", Printed(static () =>
    {
        Debug.Print("outer");
        Assert.Equal("inner", Printed(static () => Debug.Print("inner")));
        Debug.Print("outer");
    }));
}
