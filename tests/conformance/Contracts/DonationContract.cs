using BrainState.Backends;
using BrainState.Conformance.Generation;
using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>Inputs that an executable may overwrite, those that it may overwrite if the run succeeds, and those that it must not.</summary>
internal static class DonationContract
{
    private const int RandomPrograms = 30;

    /// <summary>More than an engine is likely to compute at a time.</summary>
    private static readonly TensorSpec Square = new(DType.Float32, [60, 60]);

    /// <summary>How inputs are given up.</summary>
    private sealed record Giving(string Name, Func<CompileOptions, ValueArray<int>, CompileOptions> In);

    private static readonly Giving[] Ways =
    [
        new("donated", static (options, inputs) => options with { DonatedInputs = inputs }),
        new("superseded", static (options, inputs) => options with { SupersededInputs = inputs }),
    ];

    public static IEnumerable<ConformanceCase> Cases(int seed) =>
    [
        Case("in_place", static x => [x[0] * 2 + 1]),
        Case("read_again", static x => [x[0] + 1, x[0] * 2, x[1] - x[0]]),
        Case("exchange", static x => [x[1] + 1, x[0] + 1]),
        Case("transposed", static x => [Np.Transpose(x[0]) + x[0], Np.Flip(x[1])]),
        Case("with_other_views", static x => [x[0] + x[0][0], x[1] * 2 - Np.Sum(x[1], axis: 1, keepDims: true)]),
        Case("read_after", static x => { var y = x[0] * 2; return [y, x[1] + y * y * x[0]]; }),
        Case("read_later", static x => [x[0] + 1, Lax.CumSum(x[0]), Lax.CumSum(x[1] * 2), x[1] - 1]),
        Case("part", static x => [Lax.DynamicUpdateSlice(x[0], x[1][..2] * 2, [Np.Array(3).AsType(DType.Int32), Np.Array(0).AsType(DType.Int32)]), x[1] + 1]),
        Case("before_a_loop", static x => [x[0] + 1, .. Loop([x[1], x[1] * 2])]),
        Case("momentum", static x => { var v = x[1] * 0.5 + Lax.CumSum(x[0]); return [x[0] - v * 0.25, v]; }),
        Case("loop", Loop),
        .. Enumerable.Range(0, RandomPrograms).Select(number => Random(seed, $"contract/donation/random_{number}")),
        Behaviors.Case("contract/donation/failed_run", FailedRun),
    ];

    private static BehaviorCase Case(string name, Func<Tensor[], Tensor[]> function) => Behaviors.Case($"contract/donation/{name}", target => Check(target, function));

    private static Tensor[] Loop(Tensor[] x)
    {
        var ((a, b), all) = Transforms.Scan(static ((Tensor A, Tensor B) c) => ((c.B + 1, c.A), c.A), (x[0], x[1]), 3);
        return [a, b, all];
    }

    /// <summary>Compares with the interpreter for every set of inputs that are given up, and every set of those that are kept this time.</summary>
    private static void Check(ConformanceTarget target, Func<Tensor[], Tensor[]> function)
    {
        var program = Traced.Program([Square, Square], function);
        HostValue[] inputs = [Samples.Whole(Square), Samples.Whole(Square, 4)];
        var expected = Interpreter.Run(program, inputs);
        foreach (var way in Ways)
            foreach (int[] given in (int[][])[[], [0], [1], [0, 1]])
            {
                using var compiled = Compile(target, program, way, given);
                foreach (var kept in given.Select(static i => (int[])[i]).Append([]).Append(given)) Check(target, compiled, program, inputs, expected, way, given, kept);
            }
    }

    private static BehaviorCase Random(int seed, string name) => Behaviors.Case(name, target =>
    {
        var caseSeed = Seeds.Of(seed, name);
        DType[] dtypes = [.. DType.All.Where(static dtype => dtype.Is(DTypeKinds.Bitwise))];
        string[] ops = [.. OpSuite.Ops.Except(AlgebraGenerators.Table.Keys)];
        var program = Traced.Computed(new ProgramGenerator(caseSeed) { Ops = ops, DTypes = dtypes, TameNames = true, MaxEquations = 20 }.Next());
        var inputs = Values.Tame(program.Inputs, caseSeed);
        var expected = Interpreter.Run(program, inputs);
        int[] all = [.. Enumerable.Range(0, inputs.Length)];
        foreach (var way in Ways)
            foreach (var given in (int[][])[all, [.. all.Where(static i => i % 2 == 0)]])
            {
                using var compiled = Compile(target, program, way, given);
                Check(target, compiled, program, inputs, expected, way, given, []);
            }
    }, isQuick: false);

    private static DirectProgram Compile(ConformanceTarget target, Program program, Giving way, int[] given) =>
        DirectProgram.Compile(target, program, way.In(new() { Devices = [target.Device] }, given.ToValueArray()));

    private static void Check(ConformanceTarget target, DirectProgram compiled, Program program, HostValue[] inputs, HostValue[] expected, Giving way, int[] given, int[] kept)
    {
        // What came from the host may lie in memory that is never written to, and what was computed does not.
        foreach (var make in (Func<HostValue, IBuffer>[])[target.Upload, value => Compute(target, value)])
        {
            var arguments = inputs.Select(make).ToArray();
            var results = compiled.Start(arguments, new ExecuteOptions { KeepInputs = kept.ToValueArray() });
            var what = $"with inputs ({string.Join(", ", given)}) {way.Name} and ({string.Join(", ", kept)}) kept";
            try
            {
                Expect.Same($"results {what}", expected, [.. results.Select(ConformanceTarget.Download)]);
                for (var i = 0; i < inputs.Length; i++)
                    if (!given.Contains(i) || kept.Contains(i))
                        Expect.Same($"input {i} after a run {what} must be as before", [inputs[i]], [ConformanceTarget.Download(arguments[i])]);
            }
            catch (ConformanceException failure)
            {
                throw new ConformanceException($"{failure.Message}\n{program.ToFullText()}", failure);
            }
            finally
            {
                foreach (var buffer in arguments.Concat(results)) buffer.Dispose();
            }
        }
    }

    /// <summary>Updates come before, within and after a loop that is cancelled: the inputs that they would have superseded are as before.</summary>
    private static void FailedRun(ConformanceTarget target)
    {
        TensorSpec count = new(DType.Int32, []), word = new(DType.UInt32, [300]);
        var program = Traced.Program([word, word, count], static x =>
        {
            var early = x[0] * 3u + 1u;
            var (steps, last) = Transforms.WhileLoop(static ((Tensor I, Tensor X) c) => c.I < (1 << 30), static ((Tensor I, Tensor X) c) => (c.I + 1, c.X * 1664525u + 1013904223u), (x[2], x[1]));
            return [early, last, steps, early + last];
        });
        using var compiled = Compile(target, program, Ways.Single(static way => way.Name == "superseded"), [0, 1, 2]);
        HostValue[] inputs = [Samples.Bits(word, 1), Samples.Bits(word, 2), HostValue.Of(Scalar.Of(0))];
        IBuffer[] arguments = [.. inputs.Select(value => Compute(target, value))];
        using var source = new CancellationTokenSource();
        source.CancelAfter(20);
        Deadline.Within("ExecuteOptions.Cancellation must be honoured between the steps of a long loop", () => Expect.Throws<OperationCanceledException>("a long loop that was cancelled", () =>
        {
            foreach (var result in compiled.Start(arguments, new ExecuteOptions { Cancellation = source.Token })) ConformanceTarget.Download(result);
        }));
        Expect.Same("superseded inputs after a run that was cancelled must be as before", inputs, [.. arguments.Select(ConformanceTarget.Download)]);
        foreach (var argument in arguments) argument.Dispose();
    }

    /// <summary>A buffer with the given contents that the backend computed.</summary>
    private static IBuffer Compute(ConformanceTarget target, HostValue value)
    {
        if (value.Spec.Rank == 0) return target.Upload(value);
        var reverse = Oracle.ProgramOf(new Ops.Rev(ValueArray.Range(value.Spec.Rank)), [value.Spec]);
        using var compiled = DirectProgram.Compile(target, reverse);
        using var reversed = target.Upload(Interpreter.Run(reverse, [value])[0]);
        return compiled.Start([reversed])[0];
    }
}
