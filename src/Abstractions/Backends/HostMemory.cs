using System.Runtime.InteropServices;

namespace BrainState.Backends;

/// <summary>Native memory on the host with a reference count, aligned to 64 bytes if allocated here. The last <see cref="Release"/> frees it.</summary>
public sealed unsafe class HostMemory
{
    /// <summary>The alignment of <see cref="Allocate"/> in bytes: a cache line and the widest vector.</summary>
    public const int Alignment = 64;

    private readonly Action<nint>? release;
    private int references = 1;

    private HostMemory(nint address, long length, Action<nint>? release)
    {
        Address = address;
        Length = length;
        this.release = release;
        if (release is null) MemoryPressure.Add(length);
    }

    /// <summary>The net below a forgotten <see cref="Release"/>.</summary>
    ~HostMemory() => Free();

    /// <summary>The address of the first byte.</summary>
    public nint Address { get; private set; }

    /// <summary>The number of bytes.</summary>
    public long Length { get; }

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">The memory was freed.</exception>
    /// <exception cref="OverflowException">There are more than a span can hold.</exception>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(Address == 0, this);
            return new((void*)Address, checked((int)Length));
        }
    }

    /// <summary>Uninitialised memory with one reference, which the caller owns.</summary>
    public static HostMemory Allocate(long length) =>
        new((nint)NativeMemory.AlignedAlloc((nuint)Math.Max(1, length), Alignment), length, null);

    /// <summary>Memory that belongs to somebody else; <paramref name="release"/> is called with its address when the last reference goes.</summary>
    public static HostMemory Wrap(nint address, long length, Action<nint> release) => new(address, length, release);

    /// <summary>Takes another reference.</summary>
    /// <exception cref="ObjectDisposedException">The memory was freed.</exception>
    public HostMemory AddReference()
    {
        int count;
        do
        {
            count = Volatile.Read(ref references);
            ObjectDisposedException.ThrowIf(count == 0, this);
        }
        while (Interlocked.CompareExchange(ref references, count + 1, count) != count);
        return this;
    }

    /// <summary>Gives one reference back; the last one frees the memory.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref references) != 0) return;
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        var address = Address;
        Address = 0;
        if (address == 0) return;
        if (release is not null)
        {
            release(address);
            return;
        }
        NativeMemory.AlignedFree((void*)address);
        MemoryPressure.Remove(Length);
    }
}
