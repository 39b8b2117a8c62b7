using System.Runtime.InteropServices;

namespace BrainState.Cpu.Memory;

/// <summary>
/// Native memory, aligned to 64 bytes. Blocks belong to a <see cref="MemoryPool"/> and are lent out. They have no finalizer: a block may be on its
/// way back to the pool from the finalizer of whatever held it, and must not be freed at the same time by its own.
/// </summary>
internal sealed unsafe class MemoryBlock
{
    private const int Alignment = 64;

    /// <summary>A block of <paramref name="bytes"/> bytes of size class <paramref name="sizeClass"/>.</summary>
    /// <exception cref="OutOfMemoryException">There is not enough memory.</exception>
    public MemoryBlock(long bytes, int sizeClass)
    {
        (Bytes, SizeClass) = (bytes, sizeClass);
        Address = (byte*)NativeMemory.AlignedAlloc(checked((nuint)bytes), Alignment);
    }

    public byte* Address { get; private set; }

    public long Bytes { get; }

    public int SizeClass { get; }

    /// <summary>Frees the memory.</summary>
    public void Free()
    {
        NativeMemory.AlignedFree(Address);
        Address = null;
    }
}
