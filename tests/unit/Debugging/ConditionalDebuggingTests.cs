using static BrainState.Transforms;

namespace BrainState.UnitTests.Debugging;

/// <summary>Looking at a function only when a value gives reason to.</summary>
public sealed class ConditionalDebuggingTests
{
    private static Tensor LogOfDifference(Tensor x)
    {
        var y = x - 2;
        return Np.Sum(Np.Log(y)); // The line that is to be named.
    }

    private static Tensor Guarded(Tensor x)
    {
        var loss = LogOfDifference(x);
        DebugNanIf(Np.IsNaN(loss), LogOfDifference, x);
        return loss;
    }

    [Fact]
    public void TheEquationThatMadeNanIsNamedUnderEveryTransform()
    {
        Tensor good = new[] { 3f, 4 }, bad = new[] { 3f, 1 };
        var runs = new Func<Tensor, object>[]
        {
            Guarded, x => Jit((Tensor a) => Guarded(a))(x), x => Grad(Guarded).Invoke(x), x => Jit(Grad(Guarded))(x), x => Jvp(Guarded, x, x),
            x => Vmap((Tensor a) => Guarded(a))(Np.Stack([good, x])), x => Jit(Vmap((Tensor a) => Grad(Guarded).Invoke(a)))(Np.Stack([good, x])),
            x => Scan((Tensor c, Tensor a) => (c + Guarded(a), c), 0, Np.Stack([good, x])),
        };
        foreach (var run in runs)
        {
            run(good);
            var message = Assert.Throws<JitErrorException>(() => run(bad)).Message;
            Assert.StartsWith("log made NaN or infinity of finite operands: f32[2] -> f32[2].", message, StringComparison.Ordinal);
            Assert.Contains($"{nameof(ConditionalDebuggingTests)}.cs:line 11", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void LoopsAndBranchesAreNamedAndStatesStay()
    {
        var calls = new LongTermState(0f, "calls");
        Tensor F(Tensor xs)
        {
            calls.Value = calls.Value + 1;
            return ForLoop(x => Cond(x > 0, Np.Sqrt, static v => v / 0, x), xs);
        }
        var message = Assert.Throws<JitErrorException>(() => DebugNanIf(true, F, (Tensor)new[] { 1f, -1f })).Message;
        Assert.StartsWith("div made NaN or infinity of finite operands: f32[], f32[] -> f32[], in cond, in scan.", message, StringComparison.Ordinal);
        DebugNanIf(true, F, (Tensor)new[] { 1f, 2f });
        DebugNanIf(false, F, (Tensor)new[] { 1f, -1f });
        DebugNanIf(true, static () => Np.Array(float.PositiveInfinity) + 1); // An operand that is infinite already is not to blame.
        Assert.Equal(0, calls.Value.ToScalar<float>());
    }

    [Fact]
    public void BreakpointsStopWithTheValuesOfTheLaneAndGoOn()
    {
        var stops = new List<string>();
        Printing.Of(() =>
        {
            BrainState.Debug.Breakpoint = stops.Add;
            Tensor F(Tensor x)
            {
                BreakpointIf(x > 1, $"x = {x:F0}");
                return x * x;
            }
            foreach (var run in new Func<Tensor, Tensor>[] { F, x => Jit((Tensor a) => F(a))(x), x => Grad(F).Invoke(x) })
            {
                run(1f);
                run(3f);
            }
            Vmap((Tensor x) => F(x))(new[] { 0f, 5, 1, 7 });
            BreakpointIf((Tensor)new[] { 1f, 3f } > 2, $"any");
        });
        Assert.Equal(["x = 3", "x = 3", "x = 3", "x = 5", "x = 7", "any"], stops);
    }

    [Fact]
    public void WithoutADebuggerTheMessageOfABreakpointIsWritten()
    {
        if (System.Diagnostics.Debugger.IsAttached) return;
        Assert.Equal("breakpoint: loss 2.0", Printing.Of(static () => Jit(static (Tensor x) => { BreakpointIf(x > 1, $"loss {x}"); return x; })(2f)));
    }

    [Fact]
    public void TheConditionIsABool()
    {
        const string Expected = " must be of dtype bool, but is f32[2]. Compare, as in Np.Less(x, 0). (Parameter 'condition')";
        Tensor x = new[] { 1f, 2 };
        Assert.Equal("The condition of DebugNanIf" + Expected, Assert.Throws<ArgumentException>(() => DebugNanIf(x, static () => Np.Array(1f))).Message);
        Assert.Equal("The condition of BreakpointIf" + Expected, Assert.Throws<ArgumentException>(() => BreakpointIf(x, $"x")).Message);
    }
}
