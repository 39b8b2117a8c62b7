using System.Runtime.Intrinsics;
using BrainState.Backends;
using BrainState.Cpu.Memory;

namespace BrainState.Cpu;

/// <summary>A device: the processor, or one of several virtual ones that share it. Each has its own memory pool.</summary>
internal sealed class CpuDevice(CpuBackend backend, int index, int threads) : IDevice
{
    public string Kind => "cpu";

    public int Index => index;

    public string Description { get; } = $"{Environment.ProcessorCount} cores, {threads} threads, {VectorBits}-bit SIMD";

    public CpuBackend Backend => backend;

    public MemoryPool Pool { get; } = new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, $"cpu:{index}");

    public override string ToString() => $"{Kind}:{Index}";

    private static int VectorBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
}
