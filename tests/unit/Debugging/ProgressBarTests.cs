using BrainState.Ops;
using BrainState.SpectreConsole;
using BrainState.UnitTests.Tensors;
using BrainState.UnitTests.Transforms;
using Spectre.Console;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Debugging;

/// <summary>Bars show every run of a loop, change nothing else, and add nothing to its steps.</summary>
public sealed class ProgressBarTests
{
    private static readonly ProgressBar Quarters = new() { Description = "quarters", Updates = 4 };

    /// <summary>What a bar got: <c>quarters/10: 0 2 4 .</c>, where the dot is its end.</summary>
    private sealed class Recorder : IProgressDisplay
    {
        private readonly List<string> bars = [];

        public static string[] Of(Action action)
        {
            var recorder = new Recorder();
            Printing.Of(() =>
            {
                BrainState.Debug.Progress = recorder;
                action();
            });
            return [.. recorder.bars];
        }

        public IProgressTask Begin(string description, int length)
        {
            bars.Add($"{description}/{length}:");
            return new Bar(bars, bars.Count - 1);
        }

        private sealed class Bar(List<string> bars, int index) : IProgressTask
        {
            public void Report(int done) => bars[index] += $" {done}";

            public void Dispose() => bars[index] += " .";
        }
    }

    private static (Tensor Carry, Tensor Ys) Loop(Tensor start, Tensor xs, LoopOptions? options, bool isCheckpointed)
    {
        static (Tensor, Tensor) Step(Tensor c, Tensor x) => (Np.Sin(c) + x, c * x);
        return isCheckpointed ? CheckpointedScan((Tensor c, Tensor x) => Step(c, x), start, xs, options, branching: 2) : Scan((Tensor c, Tensor x) => Step(c, x), start, xs, options);
    }

    [Theory]
    [InlineData(1, 1, false, false, "0 1")]
    [InlineData(7, 3, false, false, "0 2 4 6 7")]
    [InlineData(7, 3, true, false, "0 2 4 6 7")]
    [InlineData(8, 4, false, true, "0 2 4 6 8")]
    [InlineData(11, 2, true, true, "0 5 10 11")]
    public void ALoopWithABarIsTheSameLoop(int length, int updates, bool reverse, bool isCheckpointed, string reports)
    {
        var draw = new Draw(length);
        var (start, xs) = (draw.Doubles([2]), draw.Doubles([length, 2]));
        LoopOptions plain = new() { Reverse = reverse }, shown = plain with { Progress = new() { Description = "it", Updates = updates } };
        var expected = Loop(start, xs, plain, isCheckpointed);
        Tensor Loss(Tensor a, Tensor b) => Loop(a, b, shown, isCheckpointed) is var (c, ys) ? Np.Sum(c) + Np.Sum(ys * ys) : a;

        Assert.Equal([$"it/{length}: {reports} .", $"it/{length}: {reports} ."], Recorder.Of(() =>
        {
            foreach (var run in new Func<(Tensor, Tensor)>[] { () => Loop(start, xs, shown, isCheckpointed), () => Jit((Tensor a, Tensor b) => Loop(a, b, shown, isCheckpointed))(start, xs) })
            {
                var (carry, ys) = run();
                Approximately.Equal(expected.Carry.ToArray<double>(), carry.ToArray<double>(), 1e-14);
                Approximately.Equal(expected.Ys.ToArray<double>(), ys.ToArray<double>(), 1e-14);
            }
        }));
        Recorder.Of(() => Derivatives.Check(x => Loss(x[0], x[1]), [start, xs], draw, "loop with a bar"));
    }

    [Fact]
    public void DerivativesAndLanesShowOneBar()
    {
        static Tensor F(Tensor x) => Scan((Tensor c) => (c * x, c), x, 10, new() { Progress = Quarters }).Carry;
        string[] expected = ["quarters/10: 0 2 4 6 8 10 ."];
        Assert.Equal(expected, Recorder.Of(() => Grad(F).Invoke(Np.Array(2f))));
        Assert.Equal(expected, Recorder.Of(() => Jit(Grad(F))(Np.Array(2f))));
        Assert.Equal(expected, Recorder.Of(() => Jvp(F, Np.Array(2f), Np.Array(1f))));
        Assert.Equal(expected, Recorder.Of(() => Vmap((Tensor x) => F(x))(new[] { 1f, 2, 3 })));
        Assert.Equal(expected, Recorder.Of(() => Jit(Vmap((Tensor x) => Grad(F).Invoke(x)))(new[] { 1f, 2, 3 })));
    }

    [Fact]
    public void StepsDoNotKnowOfTheBar()
    {
        var program = MakeJaxpr((Tensor xs) => ForLoop((Tensor x) => Np.Sin(x), xs, new() { Progress = new() }))(Np.Zeros([1000])).Program;
        var outer = Assert.Single(Assert.IsType<Call>(Assert.Single(program.Equations).Op).Body.Equations, static e => e.Op is Scan);
        var steps = Assert.Single(((Scan)outer.Op).Body.Equations, static e => e.Op is Scan);
        Assert.Equal((20, 50), (((Scan)outer.Op).Length, ((Scan)steps.Op).Length));
        Assert.False(steps.Op.HasEffects);
    }

    [Fact]
    public void StatesAreCarriedAndInnerLoopsBeginAnew()
    {
        var total = new LongTermState(0f, "total");
        Assert.Equal(["outer/2: 0 1 2 .", "inner/3: 0 1 2 3 0 1 2 3 ."], Recorder.Of(() => Jit((Tensor xs) => ForLoop(
            row => ForLoop(x => { total.Value = total.Value + x; }, row, new() { Progress = new() { Description = "inner" } }),
            xs, new() { Progress = new() { Description = "outer" } }))(Tensor.From<float>([1, 2, 3, 4, 5, 6], [2, 3]))));
        Assert.Equal(21, total.Value.ToScalar<float>());
    }

    [Fact]
    public void ABarEndsWithTheRunAlsoWhenThatFails() => Assert.Equal(["Running for 4 iterations/4: 0 1 2 ."], Recorder.Of(static () => Assert.Throws<JitErrorException>(static () =>
        ForLoop(static (Tensor i) => { JitErrorIf(i > 1, $"stop"); return i; }, Np.Arange(4), new() { Progress = new() }))));

    [Fact]
    public void WithoutADisplayTheBarIsText() => Assert.Equal(
        "[ ] 0/4 quarters [##### ] 1/4 quarters [########## ] 2/4 quarters [############### ] 3/4 quarters [####################] 4/4 quarters",
        string.Join(' ', Printing.Of(static () => ForLoop(static (Tensor i) => i, Np.Arange(4), new() { Progress = Quarters })).Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SpectreDrawsIt(bool isInteractive)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = isInteractive ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = isInteractive ? InteractionSupport.Yes : InteractionSupport.No,
        });
        Printing.Of(() =>
        {
            BrainState.Debug.Progress = new SpectreProgress(console);
            for (var run = 0; run < 2; run++) // The console is free again after each.
            {
                ForLoop(
                    static (Tensor x) => ForLoop(static (Tensor y) => y, x, new() { Progress = Quarters }), Np.Zeros([4, 4]), new() { Progress = new() { Description = "[outer]" } });
            }
        });
        Assert.Contains("[outer]", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("quarters", text.ToString(), StringComparison.Ordinal);
        Assert.Contains(isInteractive ? "100%" : "50%", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void HowOftenItReportsIsChecked()
    {
        static string Message(ProgressBar bar) => Assert.Throws<ArgumentException>(() => ForLoop(static (Tensor i) => i, Np.Arange(4), new() { Progress = bar })).Message;
        Assert.Equal("The progress bar of ForLoop has both Every and Updates, and one follows from the other. Set one of them.", Message(new() { Every = 1, Updates = 1 }));
        Assert.Equal("Every of the progress bar of ForLoop must be from 1 to the number of steps, 4, but is 5.", Message(new() { Every = 5 }));
        Assert.Equal("Updates of the progress bar of ForLoop must be from 1 to the number of steps, 4, but is 0.", Message(new() { Updates = 0 }));
        Assert.Empty(ForLoop(static (Tensor i) => i, Np.Zeros([0]), new() { Progress = new() }).ToArray<float>());
    }
}
