using BrainState.Backends;
using BrainState.Hosting;
using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.UnitTests.Replication;

/// <summary>Runs programs on several virtual devices of a backend.</summary>
public sealed class Replicas(string name)
{
    public const string Axis = "i";

    private readonly Lazy<IBackend> backend = new(() =>
    {
        var options = new BrainStateOptions();
        options.Backends[name] = new Dictionary<string, string> { ["VirtualDevices"] = "4", ["Threads"] = "2" };
        return new BackendCatalog(options).Create(name);
    });

    public static Replicas Cpu { get; } = new("cpu");

    public static Replicas Reference { get; } = new("reference");

    /// <summary>The backend with four devices, started once for all tests.</summary>
    public IBackend Backend => backend.Value;

    public IExecutable Compile(Program program, int count) =>
        Backend.Compile(program, new() { Devices = Backend.Devices.Take(count).ToValueArray(), AxisName = Axis });

    public HostValue[][] Run(Program program, IReadOnlyList<HostValue[]> inputs, CancellationToken cancellation = default)
    {
        using var executable = Compile(program, inputs.Count);
        return Run(executable, program, inputs, cancellation);
    }

    public HostValue[][] Run(IExecutable executable, Program program, IReadOnlyList<HostValue[]> inputs, CancellationToken cancellation = default)
    {
        IBuffer[] arguments = [.. inputs.SelectMany((some, replica) => some.Select(value => Upload(value, replica)))];
        var results = new IBuffer[program.Outputs.Length * inputs.Count];
        try
        {
            executable.Execute(arguments, results, new() { Cancellation = cancellation });
            return [.. results.Select(Download).Chunk(Math.Max(1, program.Outputs.Length))];
        }
        finally
        {
            foreach (var buffer in arguments.Concat(results)) buffer?.Dispose();
        }
    }

    public IBuffer Upload(HostValue value, int device)
    {
        var memory = HostMemory.Allocate(value.Spec.ByteCount);
        value.Bytes.CopyTo(memory.Span);
        var buffer = Backend.FromHost(memory, value.Spec, Backend.Devices[device]);
        memory.Release();
        return buffer;
    }

    private static HostValue Download(IBuffer buffer, int index)
    {
        var bytes = new byte[buffer.Spec.ByteCount];
        buffer.CopyTo(bytes);
        return HostValue.Of(buffer.Spec, bytes);
    }
}
