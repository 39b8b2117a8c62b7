namespace BrainState.Backends;

/// <summary>
/// Tells the garbage collector of memory outside its heap that objects hold until they are disposed or found to be garbage. The collector is told of large changes only: it answers nearly every
/// call of <see cref="GC.AddMemoryPressure"/> beyond 4 MB with a collection of all generations, whether or not what came before has been disposed meanwhile.
/// </summary>
/// <remarks>So at most <see cref="Step"/> bytes of garbage gather before somebody looks for it. Memory of less than 4 KB is not worth counting. Thread-safe.</remarks>
public static class MemoryPressure
{
    private const long Smallest = 4096;

    private static readonly Lock Gate = new();
    private static long held;
    private static long told;

    /// <summary>The change that the collector hears of, in bytes: a 128th of the memory that the process may have, between 16 MiB and 128 MiB.</summary>
    public static long Step { get; } = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 128, 16L << 20, 128L << 20);

    /// <summary>Something holds so many more bytes.</summary>
    public static void Add(long bytes)
    {
        if (bytes >= Smallest && Interlocked.Add(ref held, bytes) - Volatile.Read(ref told) > Step) Tell();
    }

    /// <summary>So many bytes, of which <see cref="Add"/> was told in one piece, are free again.</summary>
    public static void Remove(long bytes)
    {
        if (bytes >= Smallest && Volatile.Read(ref told) - Interlocked.Add(ref held, -bytes) > Step) Tell();
    }

    private static void Tell()
    {
        lock (Gate)
        {
            var change = Volatile.Read(ref held) - told;
            if (Math.Abs(change) <= Step) return; // Another thread told it.
            told += change;
            if (change > 0) GC.AddMemoryPressure(change);
            else GC.RemoveMemoryPressure(-change);
        }
    }
}
