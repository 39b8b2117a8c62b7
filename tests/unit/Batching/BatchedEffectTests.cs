using BrainState.Batching;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Batching;

/// <summary>Effects happen as in a loop over the lanes: in their order, and only in the lanes that come to them.</summary>
public sealed class BatchedEffectTests
{
    private static readonly TensorSpec Scalar = new(DType.Int32, []);
    private static readonly HostValue Lanes = HostValue.Of<int>([4], 3, 0, 5, 1);

    private static Program Program(Action<ProgramBuilder, Operand> build)
    {
        var builder = new ProgramBuilder();
        build(builder, builder.AddInput(Scalar));
        return builder.Build();
    }

    private static Program Print(string format) => Program((b, x) => b.AddAll(new DebugPrint(format), x));

    private static string Printed(Program program)
    {
        var text = new List<string>();
        Interpreter.Run(BatchMode.Batch(program, [true], new(4, null)).Program, [Lanes], new() { Print = text.Add });
        return string.Join(" ", text);
    }

    [Fact]
    public void ValuesThatDifferArePrintedLaneByLaneAndOthersOnce()
    {
        Assert.Equal("x=3 x=0 x=5 x=1", Printed(Print("x={0}")));
        Assert.Equal("once", Printed(Program((b, _) => b.AddAll(new DebugPrint("once")))));
    }

    [Fact]
    public void BranchesPrintOnlyInLanesThatTakeThem() =>
        Assert.Equal("many:3 none:0 many:5 one:1", Printed(Program((b, x) => b.AddAll(new Cond([Print("none:{0}"), Print("one:{0}"), Print("many:{0}")]), x, x))));

    [Fact]
    public void LoopsPrintOnlyInLanesThatAreActive()
    {
        var cond = new ProgramBuilder();
        var counting = cond.Build(cond.Add(new Gt(), cond.AddInput(Scalar), Operand.Of(BrainState.Scalar.Of(0))));
        var body = new ProgramBuilder();
        var count = body.AddInput(Scalar);
        body.AddAll(new DebugPrint("{0}"), count);
        var down = body.Build(body.Add(new Sub(), count, Operand.Of(BrainState.Scalar.Of(1))));
        Assert.Equal("3 2 1 5 4 3 2 1 1", Printed(Program((b, x) => b.AddAll(new While(counting, down, 0, 0), x))));
    }

    [Fact]
    public void TheFirstLaneThatFailsReportsItsError()
    {
        var program = Program((b, x) => b.AddAll(new ErrorIf("{0} of {1} is too large"), b.Add(new Gt(), x, Operand.Of(BrainState.Scalar.Of(2))), x, Operand.Of(BrainState.Scalar.Of(7))));
        var batched = BatchMode.Batch(program, [true], new(4, null)).Program;
        Assert.DoesNotContain(batched.Equations, static e => e.Op is Scan);
        Assert.Equal("5 of 7 is too large", Message(0, 0, 5, 9));
        Assert.Equal("3 of 7 is too large", Message(3, 0, 5, 1));
        Assert.Empty(Interpreter.Run(batched, [HostValue.Of<int>([4], 0, 1, 2, -1)]));

        string Message(params int[] lanes) => Assert.Throws<ErrorIfException>(() => Interpreter.Run(batched, [HostValue.Of<int>([4], lanes)])).Message;
    }
}
