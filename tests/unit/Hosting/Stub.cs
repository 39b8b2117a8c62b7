using BrainState.Backends;
using BrainState.Hosting;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Hosting;

/// <summary>A factory in code that counts.</summary>
sealed class StubFactory(Func<BackendSettings, IBackend>? create = null) : IBackendFactory
{
    int probes, creations;

    public int Probes => probes;

    public int Creations => creations;

    public StubBackend? Last { get; private set; }

    public Availability Probe(BackendSettings settings)
    {
        Interlocked.Increment(ref probes);
        return settings["Missing"] is { } what ? Availability.No($"{what} was not found.", $"apt install {what}") : Availability.Yes;
    }

    public IBackend Create(BackendSettings settings)
    {
        Interlocked.Increment(ref creations);
        return create?.Invoke(settings) ?? (Last = new(settings));
    }

    /// <summary>A runtime on a stub, without searching any folder.</summary>
    public static BrainStateRuntime Runtime(string name = "stub", string? key = null, string? device = null, StubFactory? factory = null)
    {
        var options = new BrainStateOptions { ApplicationDirectory = Path.Combine(Path.GetTempPath(), "no-such-application"), Registry = new() };
        new BrainStateBuilder(options).AddBackend(name, factory ?? new()).UseBackend(name, device);
        return new(options, key);
    }
}

sealed class StubBackend(BackendSettings settings) : IBackend
{
    public BackendSettings Settings => settings;

    public BackendInfo Info { get; } = new("stub", "none", "1");

    public IReadOnlyList<IDevice> Devices { get; init; } = [new StubDevice("cpu", 0), new StubDevice("gpu", 0), new StubDevice("gpu", 1)];

    public int Disposals { get; private set; }

    public Support Supports(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) => Support.No("a stub");

    public IBuffer FromHost(HostMemory data, TensorSpec spec, IDevice device) => throw new NotSupportedException();

    public IExecutable Compile(Program program, CompileOptions options) => throw new NotSupportedException();

    public void Dispose() => Disposals++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}

sealed record StubDevice(string Kind, int Index) : IDevice
{
    public string Description => $"stub {Kind} {Index}";
}
