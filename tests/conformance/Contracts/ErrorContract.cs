using BrainState.Backends;
using BrainState.Interpretation;

namespace BrainState.Conformance;

/// <summary>What cannot be done is an exception, and nothing is lost by it.</summary>
internal static class ErrorContract
{
    /// <summary>More than any address space has.</summary>
    private static readonly Shape Absurd = [1 << 27, 1 << 27];

    public static IEnumerable<ConformanceCase> Cases =>
    [
        Behaviors.Case("contract/errors/too_few_inputs", static target => WrongInputs(target, "too few inputs")),
        Behaviors.Case("contract/errors/too_many_inputs", static target => WrongInputs(target, "too many inputs", Samples.Vector, Samples.Vector, Samples.Vector)),
        Behaviors.Case("contract/errors/wrong_shape", static target => WrongInputs(target, "an input of another shape", Samples.Vector, new(DType.Float32, [999]))),
        Behaviors.Case("contract/errors/wrong_rank", static target => WrongInputs(target, "an input of another rank", Samples.Vector, new(DType.Float32, [1, 1000]))),
        Behaviors.Case("contract/errors/wrong_dtype", static target => WrongInputs(target, "an input of another dtype", Samples.Vector, new(DType.Int32, [1000]))),
        Behaviors.Case("contract/errors/out_of_memory", OutOfMemory),
        Behaviors.Case("contract/errors/out_of_memory_in_a_step", OutOfMemoryInAStep),
        Behaviors.Case("contract/cancellation/loop", Cancellation),
    ];

    private static void WrongInputs(ConformanceTarget target, string what, params TensorSpec[] specs)
    {
        using var compiled = DirectProgram.Compile(target, Traced.Program([Samples.Vector, Samples.Vector], static x => [x[0] + x[1]]));
        var arguments = specs.Select(static spec => Samples.Whole(spec)).Select(target.Upload).ToArray();
        Expect.Throws<Exception>($"Execute with {what}: check the arguments before the engine sees them", () =>
        {
            var results = new IBuffer[1];
            compiled.Executable.Execute(arguments, results, default);
            ConformanceTarget.Download(results[0]);
        });
        compiled.Check($"after {what}, the same executable", Samples.Whole(Samples.Vector), Samples.Whole(Samples.Vector));
        foreach (var argument in arguments) Expect.Same($"an argument after {what}", [Samples.Whole(argument.Spec)], [ConformanceTarget.Download(argument)]);
        foreach (var argument in arguments) argument.Dispose();
        Samples.CheckAlive(target, what);
    }

    private static void OutOfMemory(ConformanceTarget target)
    {
        using var argument = target.Upload(HostValue.Of(Scalar.Of(1f)));
        for (var attempt = 0; attempt < 2; attempt++)
            Expect.Throws<BackendException>($"a result of 2^56 bytes: throw {nameof(DeviceOutOfMemoryException)}", () =>
            {
                using var compiled = DirectProgram.Compile(target, new TensorSpec(DType.Float32, []), static x => Lax.BroadcastInDim(x + 1, Absurd, []));
                compiled.Start([argument])[0].WhenReady().AsTask().GetAwaiter().GetResult();
            });
        Samples.CheckAlive(target, "running out of memory");
    }

    private static void OutOfMemoryInAStep(ConformanceTarget target)
    {
        var state = new ParamState(Np.Zeros([3]) + 1);
        var step = Transforms.Jit((Tensor x) =>
        {
            state.Value = state.Value * 2;
            return (state.Value + x, Lax.BroadcastInDim(x[0], Absurd, []));
        });
        Expect.Throws<BackendException>("a jitted step with a result of 2^56 bytes", () => step(Np.Ones([3])).Item2.ToArray<float>());
        try
        {
            Expect.Elements<float>("a State after a step that ran out of memory", [1, 1, 1], state.Value);
        }
        catch (BackendException)
        {
            // The step had returned when the device failed, and the State says so.
        }
        state.Value = Np.Ones([3]);
        Expect.Elements<float>("the same State in the next step", [2, 2, 2], Transforms.Jit(() => state.Value *= 2)());
    }

    /// <summary>A loop that takes minutes unless it is told to stop. It is not endless, so that a backend that does not listen hangs only for a while.</summary>
    private static void Cancellation(ConformanceTarget target)
    {
        TensorSpec count = new(DType.Int32, []), word = new(DType.UInt32, []);
        using var compiled = DirectProgram.Compile(target, Traced.Program([count, word], static x =>
        {
            var (steps, last) = Transforms.WhileLoop(static ((Tensor I, Tensor X) c) => c.I < (1 << 30), static ((Tensor I, Tensor X) c) => (c.I + 1, c.X * 1664525 + 1013904223), (x[0], x[1]));
            return [steps, last];
        }));
        IBuffer[] arguments = [target.Upload(HostValue.Of(Scalar.Of(0))), target.Upload(HostValue.Of(Scalar.Of(1u)))];
        using var source = new CancellationTokenSource();
        source.CancelAfter(20);
        Deadline.Within("ExecuteOptions.Cancellation must be honoured between the steps of a long loop", () => Expect.Throws<OperationCanceledException>("a long loop that was cancelled", () =>
        {
            foreach (var result in compiled.Start(arguments, new ExecuteOptions { Cancellation = source.Token })) ConformanceTarget.Download(result);
        }));
        Samples.CheckAlive(target, "a loop was cancelled");
        foreach (var argument in arguments) argument.Dispose();
    }
}
