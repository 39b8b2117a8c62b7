using BrainState.Backends;
using BrainState.Cpu.Planning;
using BrainState.Cpu.Replication;
using BrainState.Cpu.Threading;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Cpu;

/// <summary>The pure .NET backend.</summary>
internal sealed class CpuBackend : IBackend, IMemoryStatistics
{
    private readonly CpuDevice[] devices;
    private readonly CpuOptions options;

    public CpuBackend(CpuOptions options)
    {
        this.options = options;
        Workers = new WorkerPool(options.Threads);
        Team = new ReplicaTeam(options.VirtualDevices);
        devices = new CpuDevice[options.VirtualDevices];
        for (var i = 0; i < devices.Length; i++) devices[i] = new CpuDevice(this, i, options.Threads);
    }

    public BackendInfo Info { get; } = new("cpu", ".NET", Environment.Version.ToString())
    {
        MoreDevices = "Set BrainState:Backends:cpu:VirtualDevices to the number of devices that it shall offer.",
    };

    public IReadOnlyList<IDevice> Devices => devices;

    /// <summary>The threads that all executions share.</summary>
    public WorkerPool Workers { get; }

    /// <summary>The threads on which programs for several devices run.</summary>
    public ReplicaTeam Team { get; }

    public Support Supports(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) => OpSupport.Of(op);

    public IBuffer FromHost(HostMemory data, TensorSpec spec, IDevice device)
    {
        if (data.Length != spec.ByteCount)
            throw new ArgumentException($"{spec} has {spec.ByteCount} bytes, but the data has {data.Length}.", nameof(data));
        return new CpuBuffer(spec, Own(device), data);
    }

    public IExecutable Compile(Program program, CompileOptions compileOptions)
    {
        var chosen = Array.ConvertAll(compileOptions.Devices.ToArray(), Own);
        if (chosen.Length == 0 || chosen.Distinct().Count() < chosen.Length)
            throw new ArgumentException($"A program needs one or several distinct devices, but was given [{string.Join(", ", (object[])chosen)}].", nameof(compileOptions));
        var target = new Target(options.Threads, compileOptions.AxisName, chosen.Length);
        // Of several replicas one may still fail when another has no more to do.
        var given = chosen.Length > 1 ? default : compileOptions.DonatedInputs.Concat(compileOptions.SupersededInputs).ToValueArray();
        return new CpuExecutable(this, program, PlanBuilder.Build(program, target, given: given), target.AxisName is not null, chosen);
    }

    public MemoryUse Of(IExecutable executable) => executable is CpuExecutable own && own.Backend == this
        ? own.Memory
        : throw new ArgumentException("The executable was compiled by another backend.", nameof(executable));

    public DeviceMemory Of(IDevice device) => Own(device).Pool.State;

    public void Dispose()
    {
        Team.Dispose();
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
