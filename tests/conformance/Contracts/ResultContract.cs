using BrainState.Backends;
using BrainState.Interpretation;

namespace BrainState.Conformance;

/// <summary>Executables and what they return.</summary>
internal static class ResultContract
{
    private static readonly TensorSpec Vector = Samples.Vector;

    public static IEnumerable<ConformanceCase> Cases =>
    [
        Behaviors.Case("contract/results/specs", Specs),
        Behaviors.Case("contract/results/outlive_everything", OutliveEverything),
        Behaviors.Case("contract/results/are_new_each_time", AreNew),
        Behaviors.Case("contract/results/when_ready", WhenReady),
        Behaviors.Case("contract/results/feed_the_next_run", FeedTheNext),
        Behaviors.Case("contract/inputs/one_given_twice", GivenTwice),
        Behaviors.Case("contract/inputs/none", NoInputs),
        Behaviors.Case("contract/inputs/unread", UnreadInputs),
        Behaviors.Case("contract/inputs/many", ManyInputs),
        Behaviors.Case("contract/compile/options", Options),
        Behaviors.Case("contract/compile/again", CompileAgain),
    ];

    private static void Specs(ConformanceTarget target)
    {
        var program = Traced.Program([new(DType.Float32, [3, 2]), new(DType.Int32, [])], static x =>
        [
            Lax.Neg(x[0]), Lax.Lt(x[0], Np.ZerosLike(x[0])), Lax.ReduceMax(x[0], [0, 1]), Lax.Slice(x[0], [1, 0], [1, 2]), Lax.ConvertElementType(x[0], DType.Int32),
            Lax.Add(x[1], x[1]), Lax.Iota(DType.UInt32, [2, 3], 1), Lax.Transpose(x[0], [1, 0]), Lax.Reshape(x[0], [6, 1]),
        ]);
        using var compiled = DirectProgram.Compile(target, program);
        compiled.Check("results of all sorts", Samples.Whole(program.Inputs[0]), Samples.Whole(program.Inputs[1]));
    }

    private static void OutliveEverything(ConformanceTarget target)
    {
        var (value, program) = (Samples.Whole(Vector), Traced.Program(Vector, static x => Np.Tanh(x * 0) + x * x));
        var expected = Interpreter.Run(program, [value]);
        IBuffer[] results;
        using (var argument = target.Upload(value))
        using (var compiled = DirectProgram.Compile(target, program))
            results = compiled.Start([argument]);
        Samples.CheckAlive(target, "an executable and its arguments were disposed");
        Expect.Same("a result after its executable and its arguments were disposed, perhaps before it was computed", expected, [ConformanceTarget.Download(results[0])]);
        results[0].Dispose();
    }

    private static void AreNew(ConformanceTarget target)
    {
        using var compiled = DirectProgram.Compile(target, Vector, static x => x + 1);
        HostValue[] values = [.. Enumerable.Range(0, 5).Select(i => Samples.Whole(Vector, i))];
        var arguments = values.Select(target.Upload).ToArray();
        IBuffer[] results = [.. arguments.Select(argument => compiled.Start([argument])[0])];
        for (var i = 0; i < results.Length; i++)
            Expect.Same($"the result of run {i} after later runs: the caller owns it", [Plus(values[i], 1)], [ConformanceTarget.Download(results[i])]);
        foreach (var buffer in arguments.Concat(results)) buffer.Dispose();
    }

    private static void WhenReady(ConformanceTarget target) => Deadline.Within("WhenReady must complete", () =>
    {
        using var compiled = DirectProgram.Compile(target, Vector, static x => x + 1);
        using var argument = target.Upload(Samples.Whole(Vector));
        argument.WhenReady().AsTask().Wait();
        using var result = compiled.Start([argument])[0];
        try
        {
            result.WhenReady(new CancellationToken(canceled: true)).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // Only the waiting was cancelled.
        }
        Task.WaitAll([.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await result.WhenReady()))]);
        Expect.Same("a result that was waited for", [Plus(Samples.Whole(Vector), 1)], [ConformanceTarget.Download(result)]);
    });

    /// <summary>What an asynchronous backend must keep in order, and alive, although nobody waits.</summary>
    private static void FeedTheNext(ConformanceTarget target)
    {
        using var compiled = DirectProgram.Compile(target, Vector, static x => x + 1);
        var current = target.Upload(Samples.Whole(Vector));
        for (var i = 0; i < 50; i++)
        {
            var next = compiled.Start([current])[0];
            current.Dispose();
            current = next;
        }
        Expect.Same("50 runs, each on the result of the one before, which was disposed at once", [Plus(Samples.Whole(Vector), 50)], [ConformanceTarget.Download(current)]);
        current.Dispose();
    }

    private static void GivenTwice(ConformanceTarget target)
    {
        using var compiled = DirectProgram.Compile(target, Traced.Program([Vector, Vector], static x => [x[0] - x[1], x[0] * x[1]]));
        using var argument = target.Upload(Samples.Whole(Vector));
        var results = compiled.Start([argument, argument]);
        var value = Samples.Whole(Vector);
        Expect.Same("one buffer as two arguments", [HostValue.Generate(Vector, static _ => Scalar.Of(0f)), HostValue.Generate(Vector, i => Scalar.Of((float)(value[i].ToDouble() * value[i].ToDouble())))],
            [.. results.Select(ConformanceTarget.Download)]);
        Expect.Same("a buffer that was two arguments", [value], [ConformanceTarget.Download(argument)]);
        foreach (var result in results) result.Dispose();
    }

    private static void NoInputs(ConformanceTarget target)
    {
        using var compiled = DirectProgram.Compile(target, Traced.Program([], static _ => [Lax.Iota(DType.Int32, [5], 0), Lax.Full([2, 2], 3, DType.Float32)]));
        compiled.Check("a program without inputs");
    }

    private static void UnreadInputs(ConformanceTarget target)
    {
        using var compiled = DirectProgram.Compile(target, Traced.Program([Vector, new(DType.Int32, []), Vector], static x => [x[2] * 2]), 0, 1);
        compiled.Check("a program that does not read all its inputs", Samples.Whole(Vector), Samples.Whole(new(DType.Int32, [])), Samples.Whole(Vector, 5));
    }

    private static void ManyInputs(ConformanceTarget target)
    {
        var specs = Enumerable.Range(0, 60).Select(static i => new TensorSpec(i % 2 == 0 ? DType.Float32 : DType.Int32, [i % 5, 3])).ToArray();
        using var compiled = DirectProgram.Compile(target, Traced.Program(specs, static x => [.. x.Select(static (v, i) => v + i)]));
        compiled.Check("60 inputs and outputs", [.. specs.Select(static (spec, i) => Samples.Whole(spec, i))]);
    }

    private static void Options(ConformanceTarget target)
    {
        TensorSpec square = new(DType.Float32, [8, 8]);
        var program = Traced.Program([square, square], static x => [Lax.DotGeneral(x[0], x[1], [1], [0])]);
        HostValue[] inputs = [Samples.Whole(square), Samples.Whole(square, 3)];
        foreach (var options in (CompileOptions[])
            [new() { Devices = [target.Device], Precision = Backends.Precision.Default }, new() { Devices = [target.Device], FastMath = true }, new() { Devices = [target.Device], AxisName = "i" }])
        {
            using var executable = target.Backend.Compile(target.Legalise(program), options);
            var arguments = inputs.Select(target.Upload).ToArray();
            var results = new IBuffer[1];
            executable.Execute(arguments, results, default);
            // Whole numbers below 16 have all their digits in every shorter format.
            Expect.Same($"a product under {options}", Interpreter.Run(program, inputs), [ConformanceTarget.Download(results[0])]);
            foreach (var buffer in arguments.Concat(results)) buffer.Dispose();
        }
    }

    private static void CompileAgain(ConformanceTarget target)
    {
        using var first = DirectProgram.Compile(target, Vector, static x => x + 1);
        using (var second = DirectProgram.Compile(target, Vector, static x => x + 1)) second.Check("a program that was compiled twice", Samples.Whole(Vector));
        first.Check("an executable after another one of the same program was disposed", Samples.Whole(Vector));
    }

    private static HostValue Plus(HostValue x, double y) => HostValue.Generate(x.Spec, i => Scalar.Of(x.Spec.DType, x[i].ToDouble() + y));
}
