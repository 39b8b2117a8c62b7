using System.Collections.Concurrent;
using BrainState.Backends;
using BrainState.Hosting;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Execution;

/// <summary>One device of one backend with everything compiled for it: what turns programs into results.</summary>
internal sealed class Engine(IBackend backend, IDevice device) : IDisposable
{
    /// <summary>Beyond this many programs the cache starts anew: a program used again is compiled again, and memory stays bounded.</summary>
    private const int MaximumPrograms = 4096;

    private readonly ConcurrentDictionary<(Program Program, GivenInputs Given), CompiledProgram> compiled = new();
    private readonly ConcurrentDictionary<(ValueArray<IDevice> Devices, string AxisName), Mesh> meshes = new();
    private readonly ConcurrentDictionary<IDevice, Engine> peers = new();

    /// <summary>The engine of the runtime that is current in this async flow.</summary>
    public static Engine Current => Of(BrainStateRuntime.Current);

    /// <summary>The engine of a runtime; made when first asked for, which starts the backend.</summary>
    public static Engine Of(BrainStateRuntime runtime) => runtime.engine as Engine ?? runtime.Slot(static r =>
    {
        var created = new Engine(r.Backend, r.Device);
        r.engine = created;
        return created;
    });

    public IBackend Backend { get; } = backend;

    public IDevice Device { get; } = device;

    /// <summary>Whether the backend reports effects while a program runs.</summary>
    public bool ReportsEffects { get; } =
        backend.Supports(new DebugPrint(""), [], device).IsSupported && backend.Supports(new ErrorIf(""), [new(DType.Bool, Shape.Scalar)], device).IsSupported;

    /// <summary>The executable form of <paramref name="program"/>, compiled once per content and inputs that calls give up.</summary>
    public CompiledProgram Compile(Program program, GivenInputs given = default)
    {
        if (compiled.TryGetValue((program, given), out var found)) return found;
        if (compiled.Count >= MaximumPrograms) compiled.Clear();
        return compiled.GetOrAdd((program, given), key => CompiledProgram.Create(key.Program, [this], null, key.Given));
    }

    /// <summary>Devices of the same backend that run programs together, along an axis of that name. Made once, because they keep what they compile.</summary>
    public Mesh MeshOf(ValueArray<IDevice> devices, string axisName) => meshes.GetOrAdd((devices, axisName), key =>
        new(this, [.. key.Devices.Select(device => device == Device ? this : peers.GetOrAdd(device, other => new(Backend, other)))], key.AxisName));

    /// <summary>Copies host memory to the device.</summary>
    public SharedBuffer Upload(HostMemory memory, TensorSpec spec) =>
        new(RetryAfterCollection(() => Backend.FromHost(memory, spec, Device)), this);

    /// <summary>Copies one element to the device.</summary>
    public SharedBuffer UploadScalar(Scalar scalar)
    {
        var memory = HostMemory.Allocate(scalar.DType.Size);
        try
        {
            scalar.Write(memory.Span);
            return Upload(memory, new(scalar.DType, Shape.Scalar));
        }
        finally
        {
            memory.Release();
        }
    }

    /// <summary>Runs <paramref name="allocate"/>; if the device has no memory left, collects garbage, whose finalizers free tensors, and tries once more.</summary>
    public static T RetryAfterCollection<T>(Func<T> allocate)
    {
        try
        {
            return allocate();
        }
        catch (DeviceOutOfMemoryException)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return allocate();
        }
    }

    /// <summary>Executables are dropped with the backend, which the runtime disposes next.</summary>
    public void Dispose()
    {
        compiled.Clear();
        meshes.Clear();
    }

    public override string ToString() => $"{Backend.Info.Name}:{Device.Name}";
}
