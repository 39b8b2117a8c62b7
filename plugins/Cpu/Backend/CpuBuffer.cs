using BrainState.Backends;
using BrainState.Cpu.Memory;

namespace BrainState.Cpu;

/// <summary>
/// A tensor in memory: a block of the device's pool, or memory of the host that the caller handed over. Executions that read a buffer hold
/// it, so disposing it meanwhile takes effect when they end.
/// </summary>
internal sealed unsafe class CpuBuffer : IBuffer
{
    private MemoryBlock? block;
    private readonly HostMemory? host;
    private int holders = 1;
    private int disposed;

    /// <summary>A buffer in a block, which it owns.</summary>
    public CpuBuffer(TensorSpec spec, CpuDevice device, MemoryBlock block)
    {
        (Spec, CpuDevice, this.block) = (spec, device, block);
        Address = block.Address;
    }

    /// <summary>A buffer in memory of the host, of which it takes a reference.</summary>
    public CpuBuffer(TensorSpec spec, CpuDevice device, HostMemory memory)
    {
        (Spec, CpuDevice, host) = (spec, device, memory.AddReference());
        Address = (byte*)memory.Address;
    }

    public TensorSpec Spec { get; }

    public CpuDevice CpuDevice { get; }

    public IDevice Device => CpuDevice;

    /// <summary>The first byte; valid while the buffer is held.</summary>
    public byte* Address { get; }

    /// <summary>Whether the memory may ever be written to: that of the host may not.</summary>
    public bool IsWritable => host is null;

    public ValueTask WhenReady(CancellationToken cancellation = default) => ValueTask.CompletedTask;

    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length != Spec.ByteCount)
            throw new ArgumentException($"{Spec} has {Spec.ByteCount} bytes, but the destination has {destination.Length}.", nameof(destination));
        if (!TryHold()) throw new ObjectDisposedException(ToString());
        new ReadOnlySpan<byte>(Address, destination.Length).CopyTo(destination);
        LetGo();
    }

    /// <summary>Keeps the memory until <see cref="LetGo"/>; false if the buffer is disposed.</summary>
    public bool TryHold()
    {
        if (Volatile.Read(ref disposed) != 0) return false;
        int count;
        do
        {
            count = Volatile.Read(ref holders);
            if (count == 0) return false;
        }
        while (Interlocked.CompareExchange(ref holders, count + 1, count) != count);
        return true;
    }

    /// <summary>Ends a hold; the last one gives the memory back.</summary>
    public void LetGo()
    {
        if (Interlocked.Decrement(ref holders) != 0) return;
        if (block is not null) CpuDevice.Pool.Return(block);
        host?.Release();
    }

    /// <summary>Takes the memory away from a buffer that its owner gives up, as if he had disposed it.</summary>
    public MemoryBlock TakeBlock()
    {
        Volatile.Write(ref disposed, 1);
        return Interlocked.Exchange(ref block, null)!;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0) LetGo();
    }

    public override string ToString() => $"{Spec} on {CpuDevice}";
}
