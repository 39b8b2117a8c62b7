using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>Branches and loops: values and States against C# control flow. Their derivatives are cases of the conformance suite.</summary>
public sealed class ControlFlowTests
{
    private sealed class Counter() : ShortTermState(Number(0.0));

    private static readonly Tensor X = Tensor.From<double>([0.3, -1.2, 2]);

    private static Tensor Number(double value) => Tensor.From<double>([value], []);

    private static Tensor Integer(int value) => Tensor.From<int>([value], []);

    private static double[] Doubles(Tensor x) => x.ToArray<double>();

    [Fact]
    public void CondRunsTheChosenBranch()
    {
        foreach (var chosen in (bool[])[true, false])
        {
            Assert.Equal(chosen ? 3.0 : 10, Cond(chosen, x => x + 1, x => x * 5, Number(2.0)).ToScalar<double>());
            Assert.Equal(chosen ? 3.0 : 10, Jit((Tensor p, Tensor x) => Cond(p, () => x + 1, () => x * 5))(chosen, Number(2.0)).ToScalar<double>());
            Assert.Equal(chosen ? 3.0 : 10, Cond(chosen ? 7 : 0, x => x + 1, x => x * 5, Number(2.0)).ToScalar<double>());
        }
    }

    [Fact]
    public void BranchesMayTouchDifferentStates()
    {
        Counter a = new(), b = new(), onlyRead = new();
        onlyRead.Value = Number(3.0);
        var step = Jit((Tensor p) => Cond(
            p,
            () =>
            {
                a.Value = a.Value + onlyRead.Value;
                return a.Value;
            },
            () =>
            {
                b.Value = b.Value + 100;
                return b.Value * onlyRead.Value;
            }));
        Assert.Equal(3, step(true).ToScalar<double>());
        Assert.Equal(300, step(false).ToScalar<double>());
        Assert.Equal(6, step(true).ToScalar<double>());
        Assert.Equal((6.0, 100.0, 3.0), (a.Value.ToScalar<double>(), b.Value.ToScalar<double>(), onlyRead.Value.ToScalar<double>()));
        Assert.Equal(1, JitFunction.Of(step).TraceCount);
        Assert.False(onlyRead.HasBeenWritten && onlyRead.Value.IsTraced);
    }

    [Fact]
    public void NumbersInBranchesAdapt()
    {
        Assert.Equal(DType.Float32, Cond(true, () => Tensor.From<float>([2], []), () => (Tensor)0).DType);
        Assert.Equal(DType.Float64, Cond(false, () => Number(2.0), () => (Tensor)1.5f).DType);
        var weak = Cond(true, () => (Tensor)1, () => (Tensor)2.5);
        Assert.Equal(DType.Float64, (weak + Number(1.0)).DType);
    }

    [Fact]
    public void SwitchAndIfElseChoose()
    {
        Tensor Chosen(Tensor i) => Switch(i, () => Integer(10), () => Integer(20), () => Integer(30));
        Assert.Equal([10, 10, 20, 30, 30], ((int[])[-3, 0, 1, 2, 9]).Select(i => Chosen(i).ToScalar<int>()));
        Tensor Grade(Tensor x) => IfElse([x > 90, x > 50, x > 10], () => Integer(1), () => Integer(2), () => Integer(3), () => Integer(4));
        Assert.Equal([1, 2, 3, 4], ((double[])[95, 60, 20, 0]).Select(x => Jit<Tensor, Tensor>(Grade)(x).ToScalar<int>()));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(5, false)]
    [InlineData(5, true)]
    [InlineData(0, false)]
    public void ScanIsALoop(int length, bool reverse)
    {
        var draw = new Draw(length);
        var xs = draw.Doubles([length, 3]);
        var (carry, ys) = Scan((Tensor c, Tensor x) => (Np.Sin(c) + x, c * x), X, xs, new() { Reverse = reverse });
        var expected = X;
        var stacked = new Tensor[length];
        for (var step = 0; step < length; step++)
        {
            var t = reverse ? length - 1 - step : step;
            stacked[t] = expected * xs[t];
            expected = Np.Sin(expected) + xs[t];
        }
        Approximately.Equal(Doubles(expected), Doubles(carry), 1e-14);
        Assert.Equal(Shape.Create([length, 3]), ys.Shape);
        if (length > 0) Approximately.Equal(Doubles(Np.Stack(stacked)), Doubles(ys), 1e-14);
    }

    [Fact]
    public void ScanCarriesStatesAndClosesOverTensors()
    {
        Counter total = new(), factor = new();
        factor.Value = Number(2.0);
        Tensor offset = Number(0.5);
        var run = Jit((Tensor xs) => ForLoop(x =>
        {
            total.Value = total.Value + x * factor.Value + offset;
            return total.Value;
        }, xs));
        Assert.Equal([2.5, 7, 13.5], Doubles(run(new[] { 1.0, 2, 3 })));
        Assert.Equal(13.5, total.Value.ToScalar<double>());
        ForLoop(x => { total.Value = x; }, (Tensor)new[] { 4.0, 5 });
        Assert.Equal(5, total.Value.ToScalar<double>());
    }

    [Fact]
    public void ALoopStartedWithANumberTakesTheDTypeOfItsBody()
    {
        var (carry, _) = Scan((Tensor c, Tensor x) => (c + x, c), 0, (Tensor)new[] { 1f, 2f });
        Assert.Equal((DType.Float32, 3f), (carry.DType, carry.ToScalar<float>()));
        Assert.Equal(DType.Float64, WhileLoop(c => c < 10, c => c + Number(4.0), (Tensor)1).DType);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(7)]
    [InlineData(0)]
    public void BoundedLoopsStopAtConditionOrBound(int maxSteps)
    {
        foreach (var branching in (int[])[2, 3, 16])
        {
            var (steps, value) = BoundedWhileLoop(c => c.Value < 50, c => (c.Steps + 1, c.Value * 1.5), (Steps: Integer(0), Value: Number(1.0)), maxSteps, branching);
            var (expected, count) = (1.0, 0);
            for (; count < maxSteps && expected < 50; count++) expected *= 1.5;
            Assert.Equal((count, expected), (steps.ToScalar<int>(), value.ToScalar<double>()));
        }
        var loop = WhileLoop(c => c.Value < 50, c => (c.Steps + 1, c.Value * 1.5), (Steps: Integer(0), Value: Number(1.0)));
        Assert.Equal(10, loop.Steps.ToScalar<int>());
    }

    [Fact]
    public void WhileLoopsReadAndWriteStates()
    {
        Counter total = new(), limit = new();
        limit.Value = Number(10.0);
        var last = Jit((Tensor x) => WhileLoop(c => total.Value < limit.Value, c =>
        {
            total.Value = total.Value + c;
            return c + 1;
        }, x))(Number(1.0));
        Assert.Equal((10.0, 5.0), (total.Value.ToScalar<double>(), last.ToScalar<double>()));
    }

    [Fact]
    public void WhileLoopsDifferentiateForwardsOnly()
    {
        Tensor Power(Tensor x) => WhileLoop(c => c.I < 3, c => (c.I + 1, c.Y * x), (I: Integer(0), Y: x)).Y;
        var (value, tangent) = Jvp((Tensor x) => Power(x), Number(2.0), Number(1.0));
        Assert.Equal((16.0, 32.0), (value.ToScalar<double>(), tangent.ToScalar<double>()));
        var error = Assert.Throws<NotSupportedException>(() => Grad((Tensor x) => Power(x)).Invoke(Number(2.0)));
        Assert.Equal(
            "Reverse-mode differentiation through WhileLoop is impossible: the number of steps is unknown. Use BoundedWhileLoop, Scan or ForLoop, or differentiate forwards with Jvp.",
            error.Message);
    }
}
