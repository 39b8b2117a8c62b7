namespace BrainState.Cpu.Planning;

/// <summary>
/// Places values with known lifetimes in one block of memory, so that values which are never alive at the same time share bytes: each goes
/// into the smallest gap it fits between those already placed (best fit).
/// </summary>
internal sealed class ArenaLayout
{
    private const long Alignment = 64;

    private readonly List<Placed> alive = [];

    /// <summary>The size of the block.</summary>
    public long Bytes { get; private set; }

    /// <summary>Places a value that is needed from step <paramref name="first"/> to <paramref name="last"/>. First steps must not decrease.</summary>
    public long Place(long bytes, int first, int last)
    {
        bytes = (Math.Max(bytes, 1) + Alignment - 1) / Alignment * Alignment;
        alive.RemoveAll(placed => placed.Last < first);

        // Those alive are sorted by offset, so the gaps lie between neighbours.
        var (best, bestGap, index) = (-1L, long.MaxValue, 0);
        long end = 0;
        for (var i = 0; i <= alive.Count; i++)
        {
            var gap = (i < alive.Count ? alive[i].Offset : long.MaxValue) - end;
            if (gap >= bytes && gap < bestGap) (best, bestGap, index) = (end, gap, i);
            if (i < alive.Count) end = alive[i].Offset + alive[i].Bytes;
        }
        if (best < 0) (best, index) = (end, alive.Count);
        alive.Insert(index, new(best, bytes, last));
        Bytes = Math.Max(Bytes, best + bytes);
        return best;
    }

    /// <summary>The value at <paramref name="offset"/>, or what replaces it, is needed until <paramref name="last"/>.</summary>
    public void Extend(long offset, int last)
    {
        var index = alive.FindIndex(placed => placed.Offset == offset);
        alive[index] = alive[index] with { Last = Math.Max(alive[index].Last, last) };
    }

    private readonly record struct Placed(long Offset, long Bytes, int Last);
}
