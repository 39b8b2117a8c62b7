using BrainState.Backends;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>A backend that somebody else owns, for a runtime with a generator, an output and compiled programs of its own.</summary>
/// <param name="owned">The backend.</param>
/// <param name="hasEffects">Whether it may report effects while programs run; otherwise the frontend records them.</param>
internal sealed class BorrowedBackend(IBackend owned, bool hasEffects) : IBackend, IBackendFactory
{
    public BackendInfo Info => owned.Info;

    public IReadOnlyList<IDevice> Devices => owned.Devices;

    public Availability Probe(BackendSettings settings) => Availability.Yes;

    public IBackend Create(BackendSettings settings) => this;

    public Support Supports(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) =>
        op is DebugPrint or ErrorIf && !hasEffects ? Support.No("the case is about effects that are recorded") : owned.Supports(op, inputs, device);

    public IBuffer FromHost(HostMemory data, TensorSpec spec, IDevice device) => owned.FromHost(data, spec, device);

    public IExecutable Compile(Program program, CompileOptions options) => owned.Compile(program, options);

    public object? GetService(Type feature) => owned.GetService(feature);

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
