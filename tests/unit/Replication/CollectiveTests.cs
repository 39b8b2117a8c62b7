using BrainState.Conformance;
using BrainState.Backends;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.UnitTests.Batching;
using BrainState.Conformance.Generation;
using BrainState.UnitTests.Interpretation;

namespace BrainState.UnitTests.Replication;

/// <summary>Programs on several devices at the same time: collectives, and replicas that fail or do not come.</summary>
public abstract class CollectiveTests(Replicas replicas)
{
    private const string Axis = Replicas.Axis;
    private static readonly TensorSpec Vector = new(DType.Float32, [5]);

    private static readonly string[] Collectives = [.. EffectGenerators.Collectives.Keys];
    private static readonly string[] Movements = ["neg", "rev", "transpose", "reshape", "broadcast_in_dim", "slice", "concatenate", "select_n"];
    private static readonly string[] Bodies = [.. BodyOpGenerators.Table.Keys];

    /// <summary>The size of an axis that keeps the backend busy.</summary>
    protected abstract int Many { get; }

    /// <summary>The interpreter folds in replica order and rounds once; tame numbers add up exactly in any order.</summary>
    [Fact]
    public void ProgramsAgreeWithReplicasOfTheInterpreter() => Property.Check(600, seed =>
    {
        var size = 1 + (seed % 4);
        var random = new Random(seed);
        var generator = new ProgramGenerator(seed)
        {
            Axis = (Axis, size),
            Ops = [.. Collectives, .. Movements, .. Bodies],
            MaxEquations = 4,
            TameLiterals = true,
            TameNames = true,
        };
        var program = Computed(generator.NextWith(Collectives[seed % Collectives.Length]));
        HostValue[][] inputs = [.. Enumerable.Range(0, size).Select(_ => program.Inputs.Select(spec => HostLanes.Random(spec, random, isTame: true)).ToArray())];
        var (expected, actual) = (Interpreter.RunReplicated(program, Axis, inputs), replicas.Run(program, inputs));
        for (var replica = 0; replica < actual.Length; replica++)
        {
            var difference = Exactness.Difference(expected[replica], actual[replica]);
            Assert.True(difference is null, $"replica {replica} of {size}: {difference}\n{program.ToFullText()}");
        }
    });

    /// <summary>Sums that round differently in another order.</summary>
    [Fact]
    public void ResultsDoNotDependOnTiming()
    {
        var program = Body(b => { var x = b.AddInput(new(DType.Float32, [Many])); return [b.Add(new PSum(Axis), x), b.Add(new PSum(Axis), b.Add(new ReduceSum([0]), x))]; });
        var random = new Random(1);
        HostValue[][] inputs = [.. Enumerable.Range(0, 4).Select(_ => (HostValue[])[HostValue.Generate(program.Inputs[0], _ => Scalar.Of((float)(random.NextDouble() - 0.5)))])];
        using var executable = replicas.Compile(program, 4);
        var first = replicas.Run(executable, program, inputs);
        for (var i = 0; i < 50; i++)
            foreach (var replica in replicas.Run(executable, program, inputs))
                Assert.Null(Exactness.Difference(first[0], replica));
    }

    /// <summary>Executions of several threads take turns, also for different numbers of devices; loops inside use the shared threads.</summary>
    [Fact]
    public void ManyThreadsShareTheDevices()
    {
        var large = new TensorSpec(DType.Float32, [Many, Many]);
        var body = Body(b => [b.Add(new PSum(Axis), b.Add(new Tanh(), b.AddInput(large)))]);
        var program = Body(b => [b.Add(new Scan(body, 0, 1, 5, false, 1), b.AddInput(large))]);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, seed =>
        {
            var size = 2 + (seed % 3);
            var zeros = HostValue.Of(large, new byte[large.ByteCount]);
            foreach (var replica in replicas.Run(program, [.. Enumerable.Repeat((HostValue[])[zeros], size)])) Assert.Null(Exactness.Difference([zeros], replica));
        });
    }

    [Fact]
    public void WhenAReplicaFailsTheOthersStopAndItsFailureIsReported()
    {
        var program = Body(b => [b.Add(new PSum(Axis), b.AddInput(Vector))]);
        using var executable = replicas.Compile(program, 4);
        var good = HostValue.Of(Vector, new byte[Vector.ByteCount]);
        for (var failing = 0; failing < 4; failing++)
        {
            IBuffer[] arguments = [.. Enumerable.Range(0, 4).Select(device => replicas.Upload(good, device))];
            arguments[failing].Dispose();
            var results = new IBuffer[4];
            Assert.Contains("Argument 0", Assert.Throws<ObjectDisposedException>(() => executable.Execute(arguments, results, default)).Message, StringComparison.Ordinal);
            Assert.All(results, Assert.Null);
            foreach (var buffer in arguments) buffer.Dispose();
        }
        Assert.Equal(4, replicas.Run(executable, program, [[good], [good], [good], [good]]).Length); // Still usable.
    }

    /// <summary>A replica that is in a loop without collectives stops as well.</summary>
    [Fact]
    public void AFailureStopsEndlessLoops()
    {
        var count = new TensorSpec(DType.Int32, []);
        var endless = new While(
            Body(b => { b.AddInput(count); return [Operand.Of(Scalar.Of(true))]; }), Body(b => [b.Add(new Add(), b.AddInput(count), Operand.Of(Scalar.Of(1)))]), 0, 0);
        var meeting = Body(b => [b.Add(new PSum(Axis), b.AddInput(count))]);
        var other = Body(b => [b.Add(new PMax(Axis), b.AddInput(count))]);
        var program = Body(b =>
        {
            var x = b.AddInput(count);
            var loop = Body(c => [c.Add(endless, c.AddInput(count))]);
            return [b.Add(new Cond(ValueArray.Create<Program>([loop, meeting, other])), b.Add(new AxisIndex(Axis)), x)];
        });
        var zero = HostValue.Of(Scalar.Of(0));
        var error = Assert.Throws<InvalidOperationException>(() => replicas.Run(program, [[zero], [zero], [zero]]));
        Assert.StartsWith("Replicas must come to the same collectives in the same order, but one is at ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACollectiveThatNotAllReachIsAnErrorAndNotAWait()
    {
        Program[] branches = [Body(b => [b.Add(new PSum(Axis), b.AddInput(Vector))]), Body(b => [b.Add(new Neg(), b.AddInput(Vector))])];
        var program = Body(b => [b.Add(new Cond(branches.ToValueArray()), b.Add(new AxisIndex(Axis)), b.AddInput(Vector))]);
        var x = HostValue.Of(Vector, new byte[Vector.ByteCount]);
        for (var i = 0; i < 20; i++)
        {
            var error = Assert.Throws<InvalidOperationException>(() => replicas.Run(program, [[x], [x]]));
            Assert.Equal("psum waits for all 2 replicas along the axis 'i', but 1 ended without it. A collective must not depend on a condition that differs between them.", error.Message);
        }
    }

    [Fact]
    public async Task CancellationStopsReplicasThatWaitAndThatLoop()
    {
        var count = new TensorSpec(DType.Int32, []);
        var endless = new While(
            Body(b => { b.AddInput(count); return [Operand.Of(Scalar.Of(true))]; }), Body(b => [b.Add(new Add(), b.AddInput(count), Operand.Of(Scalar.Of(1)))]), 0, 0);
        Program[] branches = [Body(b => [b.Add(endless, b.AddInput(count))]), Body(b => [b.Add(new PSum(Axis), b.AddInput(count))])];
        var program = Body(b => [b.Add(new Cond(branches.ToValueArray()), b.Add(new AxisIndex(Axis)), b.AddInput(count))]);
        var zero = HostValue.Of(Scalar.Of(0));
        using var source = new CancellationTokenSource();
        var run = Task.Run(() => replicas.Run(program, [[zero], [zero], [zero]], source.Token));
        source.CancelAfter(20);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.ThrowsAny<OperationCanceledException>(() => replicas.Run(program, [[zero], [zero]], new(canceled: true)));
    }

    [Fact]
    public void CollectivesMustFitTheDevices()
    {
        string Message(Op op, string? axis, int devices) => Assert.Throws<BackendException>(() => replicas.Backend.Compile(
            Body(b => [b.Add(op, b.AddInput(new(DType.Float32, [2, 2])))]), new() { Devices = replicas.Backend.Devices.Take(devices).ToValueArray(), AxisName = axis })).Message;
        Assert.Equal("psum combines values along the axis 'i', but the program is compiled along none; name it in CompileOptions.AxisName.", Message(new PSum("i"), null, 1));
        Assert.Equal("psum combines values along the axis 'i', but the program is compiled along 'j'.", Message(new PSum("i"), "j", 2));
        Assert.EndsWith("does not fit the axis 'i', which has 3 replicas.", Message(new AllGather("i", 2, 0), "i", 3), StringComparison.Ordinal);
        Assert.EndsWith("does not fit the axis 'i', which has 2 replicas.", Message(new PPermute("i", [(0, 2)]), "i", 2), StringComparison.Ordinal);
        var first = replicas.Backend.Devices[0];
        Assert.Throws<ArgumentException>(() => replicas.Backend.Compile(Body(b => [b.Add(new Neg(), b.AddInput(Vector))]), new() { Devices = [first, first] }));
    }

    private static Program Body(Func<ProgramBuilder, Operand[]> make)
    {
        var builder = new ProgramBuilder();
        return builder.Build(make(builder));
    }

    /// <summary>The program with only those outputs that the contract lets a backend see: computed ones, each once.</summary>
    private static Program Computed(Program program) => Body(b =>
    {
        foreach (var input in program.Inputs) b.AddInput(input);
        foreach (var equation in program.Equations) b.AddAll(equation.Op, equation.Inputs.AsSpan());
        return [.. program.Outputs.Where(o => !o.IsLiteral && o.Value >= program.Inputs.Length).Distinct()];
    });
}

public sealed class CpuCollectiveTests() : CollectiveTests(Replicas.Cpu)
{
    protected override int Many => 300;
}

/// <summary>What the backend author's kit makes of collectives.</summary>
public sealed class ReferenceCollectiveTests() : CollectiveTests(Replicas.Reference)
{
    protected override int Many => 20;
}
