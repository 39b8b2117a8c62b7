using BrainState.Backends;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.TestPlugins;

[BackendExport("echo", Description = "Starts, has two devices, and can do nothing")]
public sealed class EchoFactory : IBackendFactory
{
    public Availability Probe(BackendSettings settings) => settings["Absent"] is { } what ? Availability.No($"{what} is absent.", $"install {what}") : Availability.Yes;

    public IBackend Create(BackendSettings settings) => settings["Fail"] is { } why ? throw new BackendException(why) : new EchoBackend(Counter.Next());
}

public sealed class EchoBackend(int number) : IBackend
{
    public BackendInfo Info { get; } = new("echo", "echo", $"{number}");

    public IReadOnlyList<IDevice> Devices { get; } = [new EchoDevice(0), new EchoDevice(1)];

    public bool IsDisposed { get; private set; }

    public Support Supports(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) => Support.No("echo supports nothing");

    public IBuffer FromHost(HostMemory data, TensorSpec spec, IDevice device) => throw new NotSupportedException();

    public IExecutable Compile(Program program, CompileOptions options) => throw new NotSupportedException();

    public void Dispose() => IsDisposed = true;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed record EchoDevice(int Index) : IDevice
{
    public string Kind => "echo";

    public string Description => $"wall {Index}";
}
