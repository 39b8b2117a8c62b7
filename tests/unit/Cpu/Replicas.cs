using BrainState.Backends;
using BrainState.Hosting;
using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.UnitTests.Cpu;

/// <summary>Runs programs on several virtual devices of the backend.</summary>
internal static class Replicas
{
    public const string Axis = "i";

    private static readonly Lazy<IBackend> LazyBackend = new(() =>
    {
        var options = new BrainStateOptions();
        options.Backends["cpu"] = new Dictionary<string, string> { ["VirtualDevices"] = "4", ["Threads"] = "2" };
        return new BackendCatalog(options).Create("cpu");
    });

    /// <summary>The backend with four devices, started once for all tests.</summary>
    public static IBackend Backend => LazyBackend.Value;

    public static IExecutable Compile(Program program, int count) =>
        Backend.Compile(program, new() { Devices = Backend.Devices.Take(count).ToValueArray(), AxisName = Axis });

    public static HostValue[][] Run(Program program, IReadOnlyList<HostValue[]> inputs, CancellationToken cancellation = default)
    {
        using var executable = Compile(program, inputs.Count);
        return Run(executable, program, inputs, cancellation);
    }

    public static HostValue[][] Run(IExecutable executable, Program program, IReadOnlyList<HostValue[]> inputs, CancellationToken cancellation = default)
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

    public static IBuffer Upload(HostValue value, int device)
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
