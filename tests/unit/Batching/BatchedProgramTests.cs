using BrainState.Conformance;
using BrainState.Batching;
using BrainState.Execution;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Conformance.Generation;
using BrainState.UnitTests.Interpretation;

namespace BrainState.UnitTests.Batching;

/// <summary>The batching transform on random programs: one run of the batched program is a run of the original per lane, to the last bit.</summary>
public sealed class BatchedProgramTests
{
    public static TheoryData<string> Ops => [.. OpGenerators.Names];

    private const string Axis = "lanes";

    /// <summary>Ops without a rule: those without operands are the same in every lane.</summary>
    private static readonly Type[] WithoutOperands = [typeof(Iota)];

    [Fact]
    public void EveryTypeOfOpHasARule()
    {
        var ops = typeof(Op).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(Op)) && !type.IsAbstract);

        Assert.Empty(ops.Where(static op => BatchRules.Table.Find(op) is null).Except(Decompositions.Ops).Except(WithoutOperands).Select(static op => op.Name));
    }

    [Theory, MemberData(nameof(Ops))]
    public void EveryOpIsALoopOverLanes(string op) => Property.Check(100, seed =>
        Check(new ProgramGenerator(seed) { Ops = [op, "broadcast_in_dim", "add", "lt", "mul"], MaxEquations = 1, Axis = (Axis, SizeOf(seed)) }.NextWith(op), seed));

    /// <summary>With collectives, in which the lanes take part as the replicas of a program do.</summary>
    [Fact]
    public void ProgramsAreLoopsOverLanes() => Property.Check(800, seed => Check(new ProgramGenerator(seed) { Axis = (Axis, SizeOf(seed)) }.Next(), seed));

    [Fact]
    public void LoopsAndBranchesAreLoopsOverLanes() => Property.Check(300, seed =>
    {
        string[] ops = ["add", "mul", "lt", "convert_element_type", "select_n", "sin", "reduce_sum", "broadcast_in_dim", "scan", "while", "cond", "call", "while", "cond"];
        DType[] dtypes = [DType.Float32, DType.Int32, DType.Bool];
        Check(new ProgramGenerator(seed) { Ops = ops, DTypes = dtypes, TameLiterals = true, MaxDepth = 3 }.NextWith(ops[8 + seed % 3]), seed);
    });

    /// <summary>A loop that counts to a limit, where lanes start and stop at different counts and carry anything.</summary>
    [Fact]
    public void LanesLeaveLoopsAtDifferentTimes() => Property.Check(300, seed =>
    {
        var generator = new ProgramGenerator(seed) { DTypes = [DType.Float32, DType.Int32, DType.Bool], MaxDepth = 1 };
        var count = new TensorSpec(DType.Int32, Shape.Scalar);
        TensorSpec[] others = [.. generator.Next().OutputSpecs.Take(2)];
        var step = generator.Next([count, .. others], others);

        var body = new ProgramBuilder();
        Operand[] carry = [body.AddInput(count), .. others.Select(body.AddInput)];
        var next = body.Inline(step, carry);
        // The condition is limit > count, with the limit as its constant.
        var cond = new ProgramBuilder();
        Operand[] read = [cond.AddInput(count), cond.AddInput(count), .. others.Select(cond.AddInput)];
        var loop = new While(
            cond.Build(cond.Add(new Gt(), read[0], read[1])), body.Build([body.Add(new Add(), carry[0], Operand.Of(Scalar.Of(1))), .. next]), 1, 0);
        Check(Evaluate.ProgramOf(loop, [count, count, .. others]), seed, isTame: true);
    });

    [Fact]
    public void BatchingTwiceIsALoopInALoop() => Property.Check(500, seed =>
    {
        var program = new ProgramGenerator(seed).Next();
        var random = new Random(seed);
        var (axis, isBatched) = (new BatchAxis(random.Next(4), null), program.Inputs.Select(_ => random.Next(3) > 0).ToValueArray());
        Check(BatchMode.Batch(program, isBatched, axis).Program, seed);
    });

    private static int SizeOf(int seed) => seed % 10 == 0 ? 1 : 2 + seed % 2;

    /// <summary>Batches some inputs of the program and compares every lane of every output.</summary>
    private static void Check(Program program, int seed, bool? isTame = null)
    {
        var random = new Random(seed);
        var axis = new BatchAxis(HasCollectives(program) || random.Next(10) > 0 ? SizeOf(seed) : 0, Axis);
        var isBatched = program.Inputs.Select(_ => random.Next(3) > 0).ToValueArray();
        HostValue[] inputs = [.. program.Inputs.Select((spec, i) => HostLanes.Random(isBatched[i] ? HostLanes.Stack(spec, axis.Size) : spec, random, isTame ?? seed % 2 == 0))];

        var batched = BatchMode.Batch(program, isBatched, axis);
        ProgramVerifier.Verify(batched.Program);
        var lanes = Enumerable.Range(0, axis.Size).Select(lane => inputs.Select((value, i) => isBatched[i] ? HostLanes.At(value, lane) : value).ToArray()).ToArray();
        var actual = Interpreter.Run(batched.Program, inputs);
        var expected = HasCollectives(program) ? Interpreter.RunReplicated(program, Axis, lanes) : Array.ConvertAll(lanes, lane => Interpreter.Run(program, lane));
        for (var lane = 0; lane < axis.Size; lane++)
        {
            var difference = Exactness.Difference(expected[lane], [.. actual.Select((value, i) => batched.IsOutputBatched[i] ? HostLanes.At(value, lane) : value)]);
            Assert.True(difference is null,
                $"lane {lane}: {difference}\nbatched inputs: {isBatched}\n{program.ToFullText()}\nbatched:\n{batched.Program.ToFullText()}");
        }
    }

    private static bool HasCollectives(Program program) => program.Equations.Any(static e => e.Op is Collective || e.Op.Bodies.Any(HasCollectives));
}
