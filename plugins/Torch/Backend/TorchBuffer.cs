using BrainState.Backends;
using BrainState.Torch.Interop;

namespace BrainState.Torch;

/// <summary>A tensor in libtorch's memory, or in that of the host which it reads where it lies. Executions that read it hold it, so disposing it meanwhile takes effect when they end.</summary>
internal sealed unsafe class TorchBuffer : IBuffer
{
    private Holders holders = new();
    private long counted; // of its bytes, as memory that the collector is told of

    /// <summary>A buffer that owns one reference to <paramref name="handle"/>. Memory of the host presses the collector on its own.</summary>
    public TorchBuffer(TensorSpec spec, TorchDevice device, nint handle, bool isOwnMemory)
    {
        (Spec, TorchDevice, Handle, IsWritable) = (spec, device, handle, isOwnMemory);
        if (!isOwnMemory) return;
        counted = spec.ByteCount;
        MemoryPressure.Add(counted);
    }

    /// <summary>A buffer over the memory of one that its owner gives up. It owns another reference to that, and the memory counts once.</summary>
    public TorchBuffer(TensorSpec spec, TorchBuffer given)
    {
        (Spec, TorchDevice, Handle, IsWritable) = (spec, given.TorchDevice, given.Handle, true);
        counted = Interlocked.Exchange(ref given.counted, 0);
    }

    public TensorSpec Spec { get; }

    public TorchDevice TorchDevice { get; }

    public IDevice Device => TorchDevice;

    /// <summary>The native buffer; valid while this is held.</summary>
    public nint Handle { get; }

    /// <summary>Whether the memory may ever be written to: that of the host may not.</summary>
    public bool IsWritable { get; }

    public ValueTask WhenReady(CancellationToken cancellation = default) => TorchDevice.NativeKind == DeviceKind.Cpu
        ? ValueTask.CompletedTask
        : new(Task.Run(TorchDevice.Synchronize, cancellation).WaitAsync(cancellation));

    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length != Spec.ByteCount)
            throw new ArgumentException($"{Spec} has {Spec.ByteCount} bytes, but the destination has {destination.Length}.", nameof(destination));
        if (!TryHold()) throw new ObjectDisposedException(ToString());
        try
        {
            fixed (byte* first = destination) Shim.Check(Shim.bs_buffer_to_host(Handle, first, destination.Length), TorchDevice.ToString());
        }
        finally
        {
            LetGo();
        }
    }

    /// <summary>Keeps the memory until <see cref="LetGo"/>; false if the buffer is disposed.</summary>
    public bool TryHold() => holders.TryHold();

    /// <summary>Ends a hold; the last one gives the memory back.</summary>
    public void LetGo()
    {
        if (holders.LetGo()) Free();
    }

    public void Dispose()
    {
        if (holders.Dispose()) Free();
    }

    public override string ToString() => $"{Spec} on {TorchDevice}";

    private void Free()
    {
        Shim.bs_buffer_release(Handle);
        MemoryPressure.Remove(counted);
    }
}
