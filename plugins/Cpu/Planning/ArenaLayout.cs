namespace BrainState.Cpu.Planning;

/// <summary>
/// Places values with known lifetimes in one block of memory, so that values which are never alive at the same time share bytes: each goes
/// into the smallest gap it fits between those already placed (best fit). A placement takes logarithmic time: in a gradient nearly all values are alive at once.
/// </summary>
internal sealed class ArenaLayout
{
    private const long Alignment = 64;

    private readonly Dictionary<long, (long Bytes, int Last)> alive = [];
    private readonly PriorityQueue<long, int> ends = new();
    private readonly SortedSet<(long Bytes, long Offset)> gaps = [];
    private readonly Dictionary<long, long> gapBytesAt = [];
    private readonly Dictionary<long, long> gapOffsetBefore = [];

    /// <summary>Where the last value that is alive ends; behind it everything is free.</summary>
    private long top;

    /// <summary>The size of the block.</summary>
    public long Bytes { get; private set; }

    /// <summary>Places a value that is needed from step <paramref name="first"/> to <paramref name="last"/>. First steps must not decrease.</summary>
    public long Place(long bytes, int first, int last)
    {
        bytes = (Math.Max(bytes, 1) + Alignment - 1) / Alignment * Alignment;
        ReleaseBefore(first);
        var offset = Take(bytes);
        alive.Add(offset, (bytes, last));
        ends.Enqueue(offset, last);
        Bytes = Math.Max(Bytes, offset + bytes);
        return offset;
    }

    /// <summary>The value at <paramref name="offset"/>, or what replaces it, is needed until <paramref name="last"/>.</summary>
    public void Extend(long offset, int last)
    {
        var placed = alive[offset];
        alive[offset] = placed with { Last = Math.Max(placed.Last, last) };
    }

    private void ReleaseBefore(int step)
    {
        while (ends.TryPeek(out var offset, out var end) && end < step)
        {
            ends.Dequeue();
            var (bytes, last) = alive[offset];
            if (last >= step)
            {
                ends.Enqueue(offset, last); // It was extended meanwhile.
                continue;
            }
            alive.Remove(offset);
            Release(offset, bytes);
        }
    }

    private long Take(long bytes)
    {
        if (gaps.GetViewBetween((bytes, 0), (long.MaxValue, 0)).Min is not { Bytes: > 0 } gap)
        {
            top += bytes;
            return top - bytes;
        }
        RemoveGap(gap.Offset, gap.Bytes);
        if (gap.Bytes > bytes) AddGap(gap.Offset + bytes, gap.Bytes - bytes);
        return gap.Offset;
    }

    /// <summary>Makes a gap, together with those on either side.</summary>
    private void Release(long offset, long bytes)
    {
        if (gapOffsetBefore.TryGetValue(offset, out var before))
        {
            RemoveGap(before, offset - before);
            (offset, bytes) = (before, bytes + offset - before);
        }
        if (gapBytesAt.TryGetValue(offset + bytes, out var behind))
        {
            RemoveGap(offset + bytes, behind);
            bytes += behind;
        }
        if (offset + bytes == top) top = offset;
        else AddGap(offset, bytes);
    }

    private void AddGap(long offset, long bytes)
    {
        gaps.Add((bytes, offset));
        gapBytesAt.Add(offset, bytes);
        gapOffsetBefore.Add(offset + bytes, offset);
    }

    private void RemoveGap(long offset, long bytes)
    {
        gaps.Remove((bytes, offset));
        gapBytesAt.Remove(offset);
        gapOffsetBefore.Remove(offset + bytes);
    }
}
