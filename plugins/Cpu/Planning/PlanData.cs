using System.Runtime.CompilerServices;

namespace BrainState.Cpu.Planning;

/// <summary>
/// The constants of a plan that kernels read through pointers: instructions, layouts, literal values. They live in pinned arrays, which
/// this object keeps alive as long as the plan.
/// </summary>
internal sealed unsafe class PlanData
{
    private const int FirstChunkBytes = 4096, MostChunkBytes = 64 << 10;

    private readonly List<byte[]> chunks = [];
    private int chunkBytes = FirstChunkBytes / 2; // Full, so that the first use makes a chunk.
    private int used = FirstChunkBytes;

    /// <summary>Zeroed memory for <paramref name="count"/> items, aligned to 64 bytes.</summary>
    public T* Allocate<T>(int count) where T : unmanaged
    {
        var bytes = (count * sizeof(T) + 63) / 64 * 64;
        if (bytes + used > chunkBytes)
        {
            chunkBytes = Math.Max(Math.Min(2 * chunkBytes, MostChunkBytes), bytes);
            chunks.Add(GC.AllocateArray<byte>(chunkBytes + 64, pinned: true));
            used = 0;
        }
        var start = ((nint)Unsafe.AsPointer(ref chunks[^1][0]) + 63) / 64 * 64;
        var result = (T*)(start + used);
        used += bytes;
        return result;
    }

    /// <summary>A copy of <paramref name="items"/> that stays where it is.</summary>
    public T* Copy<T>(ReadOnlySpan<T> items) where T : unmanaged
    {
        var result = Allocate<T>(items.Length);
        items.CopyTo(new Span<T>(result, items.Length));
        return result;
    }

    /// <summary>A scalar in native memory.</summary>
    public byte* Copy(Scalar scalar)
    {
        var result = Allocate<byte>(16);
        scalar.Write(new Span<byte>(result, 16));
        return result;
    }
}
