using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Interpretation;

public class ProgramTests
{
    private const string Forever =
        "program(%0:i32[]) { %1:i32[] = while[body=program(%0:i32[]) { %1:i32[] = add %0 1:i32[] return %1 } body_nconsts=0 "
        + "cond=program(%0:i32[]) { %1:bool[] = lt 0:i32[] 1:i32[] return %1 } cond_nconsts=0] %0 return %1 }";

    [Theory, InlineData(-3, 1f), InlineData(0, 1f), InlineData(1, -1f), InlineData(7, -1f)]
    public void CondRunsTheNearestBranch(int index, float expected)
    {
        var program = Program.Parse(
            "program(%0:i32[], %1:f32[]) { %2:f32[] = cond[branches=(program(%0:f32[]) { return %0 }, program(%0:f32[]) { %1:f32[] = neg %0 return %1 })] %0 %1 return %2 }");
        Assert.Equal([expected], Interpreter.Run(program, [HostValue.Of([], index), HostValue.Of([], 1f)])[0].ToArray<float>());
    }

    [Theory, InlineData("False", 2, new[] { 1, 2 }), InlineData("True", 2, new[] { 2, 1 })]
    public void ScanKeepsPositionsInReverse(string reverse, int final, int[] stacked)
    {
        var program = Program.Parse(
            "program(%0:i32[], %1:i32[2]) { %2:i32[] %3:i32[2] = scan[body=program(%0:i32[], %1:i32[]) { %2:i32[] = add %0 1:i32[] return %2, %2 } "
            + $"length=2 num_carry=1 num_consts=0 reverse={reverse} unroll=1] %0 %1 return %2, %3 }}");
        var results = Interpreter.Run(program, [HostValue.Of([], 0), HostValue.Of([2], 5, 6)]);
        Assert.Equal([final], results[0].ToArray<int>());
        Assert.Equal(stacked, results[1].ToArray<int>());
    }

    [Fact]
    public void CancellationEndsALoop()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.Throws<OperationCanceledException>(() => Interpreter.Run(Program.Parse(Forever), [HostValue.Of([], 0)], cancellationToken: source.Token));
    }

    [Fact]
    public void WrongInputsAreNamed()
    {
        var program = Program.Parse("program(%0:f32[2]) { return %0 }");
        Assert.Contains("takes 1 inputs", Assert.Throws<ArgumentException>(() => Interpreter.Run(program, [])).Message);
        Assert.Contains("f32[2]", Assert.Throws<ArgumentException>(() => Interpreter.Run(program, [HostValue.Of([3], 1f, 2, 3)])).Message);
    }

    [Fact]
    public void AnOpWithoutARuleIsNamed()
    {
        var program = Evaluate.ProgramOf(new Unknown(), []);
        Assert.Contains("unknown", Assert.Throws<NotSupportedException>(() => Interpreter.Run(program, [])).Message);
    }

    [Fact]
    public void BoolsAreNormalised() => Assert.Equal([0, 1, 1], HostValue.Of(new TensorSpec(DType.Bool, [3]), [0, 1, 0xFF]).Bytes.ToArray());

    private sealed record Unknown : Op
    {
        public override string Name => "unknown";

        public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands) => [new(DType.Bool, Shape.Scalar)];
    }
}
