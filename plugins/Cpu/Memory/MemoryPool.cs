using System.Numerics;
using BrainState.Backends;

namespace BrainState.Cpu.Memory;

/// <summary>
/// Keeps freed blocks for reuse, because the operating system's page faults cost more than most computations. Sizes are rounded up to a class,
/// four to each power of two, so that at most a quarter of a block is unused. Thread-safe.
/// </summary>
internal sealed class MemoryPool : IDisposable
{
    private const int SmallestShift = 6;

    private readonly Shelf[] shelves;
    private readonly long capacity;
    private readonly string device;
    private long lent, kept;
    private volatile bool disposed;

    /// <summary>A pool that keeps at most <paramref name="capacity"/> bytes; <paramref name="device"/> is named in errors.</summary>
    public MemoryPool(long capacity, string device)
    {
        (this.capacity, this.device) = (capacity, device);
        shelves = new Shelf[4 * (64 - SmallestShift)];
        for (var i = 0; i < shelves.Length; i++) shelves[i] = new();
    }

    /// <summary>What is lent out now, and that with what is kept.</summary>
    public DeviceMemory State => new(Volatile.Read(ref lent), Volatile.Read(ref lent) + Volatile.Read(ref kept));

    /// <summary>A block of at least <paramref name="bytes"/> bytes with arbitrary contents.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is not enough memory, not even after giving all kept blocks back.</exception>
    public MemoryBlock Rent(long bytes)
    {
        var sizeClass = ClassOf(bytes);
        var block = shelves[sizeClass].TryTake();
        if (block is not null) Interlocked.Add(ref kept, -block.Bytes);
        else block = Allocate(sizeClass) ?? AllocateAfterTrim(sizeClass, bytes);

        // A lent block, reused or not, is held by a small object that may be garbage: the collector should know what it is worth.
        MemoryPressure.Add(block.Bytes);
        Interlocked.Add(ref lent, block.Bytes);
        return block;
    }

    /// <summary>Takes a block back; beyond the capacity its memory is freed.</summary>
    public void Return(MemoryBlock block)
    {
        MemoryPressure.Remove(block.Bytes);
        Interlocked.Add(ref lent, -block.Bytes);
        if (disposed || Interlocked.Add(ref kept, block.Bytes) > capacity)
        {
            Interlocked.Add(ref kept, -block.Bytes);
            block.Free();
            return;
        }
        shelves[block.SizeClass].Put(block);
    }

    /// <summary>Frees all kept blocks.</summary>
    public void Trim()
    {
        foreach (var shelf in shelves)
            while (shelf.TryTake() is { } block)
            {
                Interlocked.Add(ref kept, -block.Bytes);
                block.Free();
            }
    }

    /// <summary>Frees all kept blocks, and those lent out when they come back.</summary>
    public void Dispose()
    {
        disposed = true;
        Trim();
    }

    private static MemoryBlock? Allocate(int sizeClass)
    {
        try
        {
            return new MemoryBlock(BytesOf(sizeClass), sizeClass);
        }
        catch (Exception failure) when (failure is OutOfMemoryException or OverflowException)
        {
            return null;
        }
    }

    private MemoryBlock AllocateAfterTrim(int sizeClass, long bytes)
    {
        Trim();
        return Allocate(sizeClass) ?? throw new DeviceOutOfMemoryException(device, bytes);
    }

    /// <summary>Classes are numbered by the exponent and the next two bits of the size.</summary>
    private static int ClassOf(long bytes)
    {
        if (bytes <= 1 << SmallestShift) return 0;
        var exponent = BitOperations.Log2((ulong)bytes - 1);
        var quarter = (int)((bytes - 1) >> (exponent - 2)) & 3;
        return 4 * (exponent - SmallestShift) + quarter + 1;
    }

    private static long BytesOf(int sizeClass)
    {
        if (sizeClass == 0) return 1 << SmallestShift;
        var (exponent, quarter) = ((sizeClass - 1) / 4 + SmallestShift, (sizeClass - 1) % 4);
        return checked((long)(quarter + 5) * (1L << (exponent - 2)));
    }

    /// <summary>The kept blocks of one class.</summary>
    private sealed class Shelf
    {
        private MemoryBlock?[] blocks = new MemoryBlock?[4];
        private int count;
        private SpinLock gate = new(enableThreadOwnerTracking: false);

        public MemoryBlock? TryTake()
        {
            if (Volatile.Read(ref count) == 0) return null;
            var taken = false;
            try
            {
                gate.Enter(ref taken);
                if (count == 0) return null;
                var block = blocks[--count];
                blocks[count] = null;
                return block;
            }
            finally
            {
                if (taken) gate.Exit(useMemoryBarrier: false);
            }
        }

        public void Put(MemoryBlock block)
        {
            var taken = false;
            try
            {
                gate.Enter(ref taken);
                if (count == blocks.Length) Array.Resize(ref blocks, 2 * count);
                blocks[count++] = block;
            }
            finally
            {
                if (taken) gate.Exit();
            }
        }
    }
}
