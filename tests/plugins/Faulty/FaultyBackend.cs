using BrainState.Backends;
using BrainState.BackendKit;
using BrainState.Interpretation;
using BrainState.Ops;

namespace BrainState.TestPlugins;

/// <summary>Makes the faulty backend. Each option names an op that has the fault; without options it is right.</summary>
[BackendExport("faulty", Description = "Right except for one fault of each kind, by option: WrongResult, WrongDType, Exception, LateFailure")]
public sealed class FaultyFactory : IBackendFactory
{
    public Availability Probe(BackendSettings settings) => Availability.Yes;

    public IBackend Create(BackendSettings settings) => new FaultyBackend(settings);
}

/// <summary>The interpreter with faults.</summary>
public sealed class FaultyBackend(BackendSettings settings) : KernelBackend<FaultyArray>(new("faulty", "faulty", "1"), VirtualDevice.Create("faulty", 1, "not to be trusted"))
{
    protected override Support HasKernel(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) =>
        Interpreter.Ops.Contains(op.GetType()) && !IsBuiltIn(op) ? Support.Yes : Support.No("It is unknown.");

    protected override FaultyArray[] Run(Op op, ReadOnlySpan<FaultyArray> inputs, ReadOnlySpan<TensorSpec> outputs, IDevice device)
    {
        if (op.Name == settings["Exception"]) throw new InvalidOperationException("the kernel crashed");
        HostValue[] operands = [.. inputs.ToArray().Select(static x => x.Value)];
        var results = Interpreter.Evaluate(op, operands);
        if (op.Name == settings["WrongResult"]) results[0] = OffAtTheLastElement(results[0]);
        if (op.Name == settings["WrongDType"]) results[0] = Interpreter.Evaluate(new ConvertElementType(results[0].Spec.DType == DType.Float64 ? DType.Float32 : DType.Float64), results[0])[0];
        var hasFailed = op.Name == settings["LateFailure"] || inputs.ToArray().Any(static x => x.HasFailed);
        return [.. results.Select(value => new FaultyArray(value, hasFailed))];
    }

    protected override FaultyArray Upload(HostMemory data, TensorSpec spec, IDevice device) => new(HostValue.Of(spec, data.Span), false);

    protected override void Download(FaultyArray array, Span<byte> destination)
    {
        if (array.HasFailed) throw Failure();
        array.Value.Bytes.CopyTo(destination);
    }

    protected override ValueTask WhenReady(FaultyArray array, CancellationToken cancellation) =>
        array.HasFailed ? ValueTask.FromException(Failure()) : ValueTask.CompletedTask;

    protected override TensorSpec SpecOf(FaultyArray array) => array.Value.Spec;

    private static BackendException Failure() => new("The device reported error 719 while it computed.");

    private static HostValue OffAtTheLastElement(HostValue x) => HostValue.Generate(x.Spec, i => i == x.Count - 1 && x.Spec.DType.IsFloating ? Scalar.Of(x.Spec.DType, x[i].ToDouble() + 1e-2) : x[i]);
}

/// <summary>A value that is perhaps never computed.</summary>
public sealed record FaultyArray(HostValue Value, bool HasFailed);
