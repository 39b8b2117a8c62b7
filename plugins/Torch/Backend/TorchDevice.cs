using BrainState.Backends;
using BrainState.Torch.Interop;
using BrainState.Torch.StartUp;

namespace BrainState.Torch;

/// <summary>A device of libtorch: the processor or a GPU.</summary>
internal sealed unsafe class TorchDevice(TorchBackend backend, Engine engine, Graphs graphs, DeviceKind kind, int index) : IDevice
{
    private readonly string? cpu = kind == DeviceKind.Cpu ? DescribeCpu(engine) : null;

    public string Kind => kind == DeviceKind.Cpu ? "cpu" : "cuda";

    public DeviceKind NativeKind => kind;

    public int Index => index;

    /// <summary>The model; on the processor how it is used, because that differs by factors from what libtorch does on its own; on cuda what became of graphs so far, if they are on.</summary>
    public string Description => cpu ?? Shim.Text(Shim.bs_device_description(kind, index)) + (graphs.Absence is { } reason ? $", without graphs: {reason}" : "");

    public TorchBackend Backend => backend;

    /// <summary>Waits until everything is computed that was started on it.</summary>
    /// <exception cref="BackendException">Something failed.</exception>
    public void Synchronize() => Shim.Check(Shim.bs_synchronize(kind, index), ToString());

    /// <summary>What is in use on it, and that with what is kept to be used again.</summary>
    public DeviceMemory Memory
    {
        get
        {
            Shim.Check(Shim.bs_device_memory(kind, index, out var inUse, out var reserved), ToString());
            return new(inUse, reserved);
        }
    }

    public override string ToString() => $"{Kind}:{Index}";

    private static string DescribeCpu(Engine engine)
    {
        string?[] parts = [CpuModel(), $"{engine.Threads} threads", engine.Facts.TryGetValue("capability", out var level) ? $"{level} kernels" : null, engine.Blas];
        return string.Join(", ", parts.Where(static part => !string.IsNullOrEmpty(part)));
    }

    private static string? CpuModel()
    {
        const string File = "/proc/cpuinfo", Key = "model name";
        return System.IO.File.Exists(File) && System.IO.File.ReadLines(File).FirstOrDefault(static line => line.StartsWith(Key, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':') + 1)..].Trim()
            : null;
    }
}
