using System.Runtime.InteropServices;
using BrainState.Backends;
using BrainState.Cpu.Planning;
using BrainState.Cpu.Threading;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Cpu;

/// <summary>The pure .NET backend.</summary>
internal sealed class CpuBackend : IBackend
{
    private readonly CpuDevice[] devices;
    private readonly CpuOptions options;

    public CpuBackend(CpuOptions options)
    {
        this.options = options;
        Workers = new WorkerPool(options.Threads);
        devices = new CpuDevice[options.VirtualDevices];
        for (var i = 0; i < devices.Length; i++) devices[i] = new CpuDevice(this, i, options.Threads);
    }

    public BackendInfo Info { get; } = new("cpu", RuntimeInformation.FrameworkDescription, Environment.Version.ToString());

    public IReadOnlyList<IDevice> Devices => devices;

    /// <summary>The threads that all executions share.</summary>
    public WorkerPool Workers { get; }

    public Support Supports(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) => OpSupport.Of(op);

    public IBuffer FromHost(HostMemory data, TensorSpec spec, IDevice device)
    {
        if (data.Length != spec.ByteCount)
            throw new ArgumentException($"{spec} has {spec.ByteCount} bytes, but the data has {data.Length}.", nameof(data));
        return new CpuBuffer(spec, Own(device), data);
    }

    public IExecutable Compile(Program program, CompileOptions compileOptions)
    {
        if (compileOptions.Devices.Count == 0) throw new ArgumentException("A program needs at least one device.", nameof(compileOptions));
        return new CpuExecutable(this, program, PlanBuilder.Build(program, options.Threads), Array.ConvertAll(compileOptions.Devices.ToArray(), Own));
    }

    public void Dispose()
    {
        Workers.Dispose();
        foreach (var device in devices) device.Pool.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private CpuDevice Own(IDevice device) => device is CpuDevice own && own.Backend == this
        ? own
        : throw new ArgumentException($"{device.Name} is not a device of this backend, which has {string.Join(", ", (object[])devices)}.", nameof(device));
}
