using System.Runtime.InteropServices;
using BrainState.Backends;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Torch.Encoding;
using BrainState.Torch.Interop;
using BrainState.Torch.StartUp;

namespace BrainState.Torch;

/// <summary>libtorch as a backend: programs go over whole, and each run is one native call.</summary>
internal sealed unsafe class TorchBackend : IBackend, IMemoryStatistics
{
    private readonly OpSupport support;
    private readonly TorchDevice[] devices;
    private readonly ProgramRecorder? recorder;
    private readonly ProcessGroup? group;
    private readonly Graphs graphs;

    /// <summary>The backend on a running libtorch; what it compiles goes to <paramref name="recorder"/> as well, and becomes graphs as <paramref name="graphs"/> says.</summary>
    public TorchBackend(Engine engine, ProgramRecorder? recorder, Graphs graphs)
    {
        (this.recorder, group, this.graphs) = (recorder, engine.Group, graphs);
        support = new(engine.Ops);
        Info = new("torch", "libtorch", engine.Facts.GetValueOrDefault("version", "?"));
        devices = [.. new[] { DeviceKind.Cpu, DeviceKind.Cuda }.SelectMany(kind =>
            Enumerable.Range(0, Shim.bs_device_count(kind)).Select(index => new TorchDevice(this, engine, graphs, kind, index)))];
    }

    public BackendInfo Info { get; }

    public IReadOnlyList<IDevice> Devices => devices;

    public Support Supports(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) => support.Of(op);

    public IBuffer FromHost(HostMemory data, TensorSpec spec, IDevice device)
    {
        if (data.Length != spec.ByteCount)
            throw new ArgumentException($"{spec} has {spec.ByteCount} bytes, but the data has {data.Length}.", nameof(data));
        var own = Own(device);
        // Kernels read elements as C++ does: at multiples of their size, up to that of a word.
        var aligned = data.Address % Math.Min(spec.DType.Size, 8) == 0 ? data.AddReference() : Copy(data);
        var context = GCHandle.Alloc(aligned);
        Shim.Check(Shim.bs_buffer_from_host((void*)aligned.Address, aligned.Length, own.NativeKind, own.Index, &Release, (void*)GCHandle.ToIntPtr(context), out var handle), own.ToString());
        return new TorchBuffer(spec, own, handle, isOwnMemory: own.NativeKind != DeviceKind.Cpu);
    }

    public IExecutable Compile(Program program, CompileOptions options)
    {
        if (options.Devices.Count != 1)
            throw new ArgumentException($"A program runs on one device of the torch backend, but was given [{string.Join(", ", options.Devices)}].", nameof(options));
        var device = Own(options.Devices[0]);
        CheckAxes(program, options.AxisName);
        var words = ProgramEncoder.Encode(program);
        recorder?.Add(words);
        int[] given = [.. options.DonatedInputs, .. options.SupersededInputs];
        fixed (long* first = words)
        fixed (int* firstGiven = given)
        {
            Shim.Check(Shim.bs_load(first, words.Length, firstGiven, given.Length, device.NativeKind, device.Index, graphs.RunsBeforeCapture, out var handle), device.ToString());
            return new TorchExecutable(program, device, handle);
        }
    }

    public object? GetService(Type feature) => feature == typeof(IProcessGroup) ? group : feature.IsInstanceOfType(this) ? this : null;

    public MemoryUse Of(IExecutable executable) => executable is TorchExecutable own && own.Device.Backend == this
        ? own.Memory
        : throw new ArgumentException("The executable was compiled by another backend.", nameof(executable));

    public DeviceMemory Of(IDevice device) => Own(device).Memory;

    /// <summary>There is nothing to free: libtorch cannot be unloaded, and buffers and programs are their owners'.</summary>
    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void CheckAxes(Program program, string? axisName)
    {
        foreach (var op in program.Equations.Select(static equation => equation.Op))
        {
            if (op is Collective collective && collective.AxisName != axisName)
                throw new BackendException($"{op.Name} combines values along the axis '{collective.AxisName}', but the program is compiled along "
                    + $"{(axisName is null ? "none; name it in CompileOptions.AxisName" : $"'{axisName}'")}.");
            foreach (var body in op.Bodies) CheckAxes(body, axisName);
        }
    }

    private TorchDevice Own(IDevice device) => device is TorchDevice own && own.Backend == this
        ? own
        : throw new ArgumentException($"{device.Name} is not a device of this backend, which has {string.Join(", ", (object[])devices)}.", nameof(device));

    private static HostMemory Copy(HostMemory data)
    {
        var copy = HostMemory.Allocate(data.Length);
        NativeMemory.Copy((void*)data.Address, (void*)copy.Address, (nuint)data.Length);
        return copy;
    }

    /// <summary>The native buffer needs the memory no more.</summary>
    [UnmanagedCallersOnly]
    private static void Release(void* context)
    {
        var handle = GCHandle.FromIntPtr((nint)context);
        ((HostMemory)handle.Target!).Release();
        handle.Free();
    }
}
