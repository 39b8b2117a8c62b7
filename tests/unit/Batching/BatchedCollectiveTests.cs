using BrainState.Conformance;
using BrainState.Batching;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Conformance.Generation;
using BrainState.UnitTests.Interpretation;

namespace BrainState.UnitTests.Batching;

/// <summary>Collectives over the mapped axis give each lane what the replicas of a program give each other.</summary>
public sealed class BatchedCollectiveTests
{
    private const string Axis = "lanes";
    private static readonly BatchAxis Lanes = new(3, Axis);
    private static readonly TensorSpec Operand = new(DType.Float64, [2, 3, 3]);

    private static readonly Op[] Ops =
    [
        new PSum(Axis), new PMax(Axis), new PMin(Axis), new PPermute(Axis, [(0, 1), (1, 2), (2, 0)]), new PPermute(Axis, [(2, 0), (1, 1)]), new PPermute(Axis, []),
        new AllGather(Axis, 3, 0), new AllGather(Axis, 3, 2), new ReduceScatter(Axis, 3, 1), new ReduceScatter(Axis, 3, 2),
        new AllToAll(Axis, 3, 1, 0), new AllToAll(Axis, 3, 2, 1), new AllToAll(Axis, 3, 1, 2),
    ];

    [Fact]
    public void OfValuesThatDifferAndThatAreShared()
    {
        foreach (var op in Ops)
        {
            Check(Evaluate.ProgramOf(op, [Operand]), [true]);
            Check(Evaluate.ProgramOf(op, [Operand]), [false]);
        }
        Check(Evaluate.ProgramOf(new AxisIndex(Axis), []), []);
    }

    /// <summary>Also where the op that runs the body has no operand that lanes differ in.</summary>
    [Fact]
    public void InsideBodies()
    {
        foreach (var op in (Op[])[new PSum(Axis), new PPermute(Axis, [(0, 2), (2, 1)]), new AllToAll(Axis, 3, 1, 2)])
            foreach (var isBatched in (bool[])[true, false])
            {
                var body = Body(op);
                Check(Evaluate.ProgramOf(new Call(body, "f"), [Operand]), [isBatched]);
                Check(Evaluate.ProgramOf(new Checkpoint(body, CheckpointPolicy.NothingSaveable), [Operand]), [isBatched]);
                Check(Evaluate.ProgramOf(new Scan(body, 0, 1, 2, false, 1), [Operand]), [isBatched]);
                Check(Evaluate.ProgramOf(new Cond([body, Evaluate.ProgramOf(new Neg(), [Operand])]), [new(DType.Int32, []), Operand]), [false, isBatched]);
            }
    }

    /// <summary>The op, then the position of the lane is added.</summary>
    private static Program Body(Op op)
    {
        var builder = new ProgramBuilder();
        var result = builder.Add(op, builder.AddInput(Operand));
        var position = builder.Add(new ConvertElementType(DType.Float64), builder.Add(new AxisIndex(Axis)));
        return builder.Build(builder.Add(new Add(), result, position));
    }

    [Fact]
    public void ParticipantsThatAreNotThereAreAnError()
    {
        string Message(Op op) => Assert.Throws<InvalidOperationException>(() => BatchMode.Batch(Evaluate.ProgramOf(op, [Operand]), [true], Lanes)).Message;
        Assert.Equal("ppermute over the axis 'lanes' sends from 0 to 3, but the axis has 3 lanes.", Message(new PPermute(Axis, [(0, 3)])));
        Assert.Equal("all_gather over the axis 'lanes' is for 4 participants, but the axis has 3 lanes.", Message(new AllGather(Axis, 4, 0)));
    }

    private static void Check(Program program, ValueArray<bool> isBatched)
    {
        var random = new Random(1);
        HostValue[] inputs = [.. program.Inputs.Select((spec, i) => HostLanes.Random(isBatched[i] ? HostLanes.Stack(spec, Lanes.Size) : spec, random, isTame: true))];
        var batched = BatchMode.Batch(program, isBatched, Lanes);
        var actual = Interpreter.Run(batched.Program, inputs);
        var expected = Interpreter.RunReplicated(
            program, Axis, [.. Enumerable.Range(0, Lanes.Size).Select(lane => inputs.Select((value, i) => isBatched[i] ? HostLanes.At(value, lane) : value).ToArray())]);
        for (var lane = 0; lane < Lanes.Size; lane++)
        {
            var difference = Exactness.Difference(expected[lane], [.. actual.Select((value, i) => batched.IsOutputBatched[i] ? HostLanes.At(value, lane) : value)]);
            Assert.True(difference is null, $"lane {lane} of {isBatched}: {difference}\n{program.ToFullText()}\nbatched:\n{batched.Program.ToFullText()}");
        }
    }
}
