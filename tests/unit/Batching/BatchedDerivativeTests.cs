using BrainState.Conformance;
using BrainState.Batching;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Conformance.Generation;
using BrainState.UnitTests.Interpretation;

namespace BrainState.UnitTests.Batching;

/// <summary>The derivatives that ops bring along are batched with them: each lane has its own, and what lanes share gets the sum of theirs.</summary>
public sealed class BatchedDerivativeTests
{
    // Sums and products of small dyadic numbers are exact in float64, in any order.
    private static readonly string[] Exact = ["add", "sub", "mul", "neg", "broadcast_in_dim", "transpose", "select_n", "slice"];

    [Fact]
    public void OfCustomJvp() => Check("custom_jvp", (original, batched, random, axis, isBatched) =>
    {
        var (from, to) = ((CustomJvp)original, (CustomJvp)batched);
        Compare(from.Jvp, to.Jvp, [.. isBatched, .. isBatched.Where((_, i) => from.Body.Inputs[i].DType.IsDifferentiable)], random, axis);
    });

    [Fact]
    public void OfCustomVjp() => Check("custom_vjp", (original, batched, random, axis, isBatched) =>
    {
        var (from, to) = ((CustomVjp)original, (CustomVjp)batched);
        Compare(from.Body, from.Forward, from.Backward, to.Forward, to.Backward, isBatched, random, axis);
    });

    [Fact]
    public void OfComposites() => Check("composite", (original, batched, random, axis, isBatched) =>
    {
        var (from, to) = ((Composite)original, (Composite)batched);
        Assert.Equal(($"vmap({from.Function})", 0, from.Forward is null), (to.Function, to.Attributes.Count, to.Forward is null));
        if (from.Forward is not null) Compare(from.Body, from.Forward, from.Backward!, to.Forward!, to.Backward!, isBatched, random, axis);
    });

    private static void Check(string name, Action<Op, Op, Random, BatchAxis, ValueArray<bool>> compare) => Property.Check(200, seed =>
    {
        var random = new Random(seed);
        var generator = new ProgramGenerator(seed) { Ops = [.. Exact, name], DTypes = [DType.Float64, DType.Int32, DType.Bool], TameLiterals = true, MaxDepth = 1 };
        var op = generator.NextWith(name).Equations.First(e => e.Op.Name == name).Op;
        var program = Evaluate.ProgramOf(op, op.Bodies.First().Inputs);
        var (axis, isBatched) = (new BatchAxis(random.Next(1, 4), null), program.Inputs.Select(_ => random.Next(3) > 0).ToValueArray());
        if (!isBatched.Contains(true)) return;
        var batched = Assert.Single(BatchMode.Batch(program, isBatched, axis).Program.Equations).Op;
        compare(op, batched, random, axis, isBatched);
    });

    private static void Compare(Program body, Program forward, Program backward, Program batchedForward, Program batchedBackward, ValueArray<bool> isBatched, Random random, BatchAxis axis)
    {
        var results = body.OutputSpecs.Length;
        var isForwardBatched = Compare(forward, batchedForward, isBatched, random, axis);
        Assert.DoesNotContain(false, isForwardBatched.Take(results));
        ValueArray<bool> residualsAndCotangents = [.. isForwardBatched.Skip(results), .. body.OutputSpecs.Where(static s => s.DType.IsDifferentiable).Select(static _ => true)];
        Compare(backward, batchedBackward, residualsAndCotangents, random, axis, [.. isBatched.Where((_, i) => body.Inputs[i].DType.IsDifferentiable)]);
    }

    /// <summary>Compares lane by lane, where batched outputs are told by their rank, and the others are sums over lanes if <paramref name="isOutputBatched"/> says which are.</summary>
    private static bool[] Compare(Program program, Program batched, ValueArray<bool> isBatched, Random random, BatchAxis axis, bool[]? isOutputBatched = null)
    {
        HostValue[] inputs = [.. program.Inputs.Select((spec, i) => HostLanes.Random(isBatched[i] ? HostLanes.Stack(spec, axis.Size) : spec, random, isTame: true))];
        Assert.Equal(inputs.Select(static i => i.Spec), batched.Inputs);
        var actual = Interpreter.Run(batched, inputs);
        bool[] isStacked = [.. actual.Select((value, i) => value.Spec.Rank > program.OutputSpecs[i].Rank)];
        if (isOutputBatched is not null) Assert.Equal(isOutputBatched, isStacked);

        var lanes = Enumerable.Range(0, axis.Size).Select(lane => Interpreter.Run(program, [.. inputs.Select((value, i) => isBatched[i] ? HostLanes.At(value, lane) : value)])).ToArray();
        for (var i = 0; i < actual.Length; i++)
        {
            var isSummed = isOutputBatched is not null && !isStacked[i];
            var expected = isSummed ? [lanes.Select(lane => lane[i]).Aggregate(static (a, b) => Evaluate.Op(new Add(), a, b)[0])] : lanes.Select(lane => lane[i]).ToArray();
            var given = isStacked[i] ? Enumerable.Range(0, axis.Size).Select(lane => HostLanes.At(actual[i], lane)) : Enumerable.Repeat(actual[i], expected.Length);
            var difference = Exactness.Difference(expected, [.. given]);
            Assert.True(difference is null, $"output {i}{(isSummed ? ", summed" : "")}: {difference}\n{program.ToFullText()}\nbatched:\n{batched.ToFullText()}");
        }
        return isStacked;
    }
}
