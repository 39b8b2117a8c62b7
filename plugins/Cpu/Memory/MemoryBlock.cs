using System.Runtime.InteropServices;

namespace BrainState.Cpu.Memory;

/// <summary>
/// Native memory, aligned to 64 bytes. Blocks belong to a <see cref="MemoryPool"/> and are lent out; a block that is dropped instead of
/// returned frees its memory when it is collected.
/// </summary>
internal sealed unsafe class MemoryBlock
{
    private const int Alignment = 64;

    /// <summary>A block of <paramref name="bytes"/> bytes of size class <paramref name="sizeClass"/>.</summary>
    /// <exception cref="OutOfMemoryException">There is not enough memory.</exception>
    public MemoryBlock(long bytes, int sizeClass)
    {
        // Set first, so that the finalizer of a block whose allocation failed has nothing to undo.
        (Bytes, SizeClass) = (bytes, sizeClass);
        Address = (byte*)NativeMemory.AlignedAlloc(checked((nuint)bytes), Alignment);
        GC.AddMemoryPressure(bytes);
    }

    ~MemoryBlock() => Release();

    public byte* Address { get; private set; }

    public long Bytes { get; }

    public int SizeClass { get; }

    /// <summary>Frees the memory now.</summary>
    public void Free()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (Address is null) return;
        NativeMemory.AlignedFree(Address);
        Address = null;
        GC.RemoveMemoryPressure(Bytes);
    }
}
