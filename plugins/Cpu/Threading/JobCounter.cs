using System.Runtime.InteropServices;

namespace BrainState.Cpu.Threading;

/// <summary>Hands out the parts of one job after another to competing threads, and knows when all are done.</summary>
/// <remarks>
/// The ticket holds the number of the job in its upper half and the parts not yet claimed in its lower one. A part is claimed by
/// comparing the whole ticket, so a thread that read the fields of a job and was then overtaken cannot claim a part of the next one.
/// The two words are a cache line apart from each other and from what surrounds them.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal struct JobCounter
{
    [FieldOffset(64)] private long ticket;
    [FieldOffset(128)] private int running;

    /// <summary>Whether some part can still be claimed.</summary>
    public readonly bool HasParts => (uint)Volatile.Read(in ticket) != 0;

    /// <summary>Whether all parts of the current job have ended.</summary>
    public readonly bool IsDone => Volatile.Read(in running) == 0;

    /// <summary>Starts a job, with a full fence; the last one must be done.</summary>
    public void Start(int parts)
    {
        running = parts;
        Interlocked.Exchange(ref ticket, (((ticket >> 32) + 1) << 32) | (uint)parts);
    }

    /// <summary>Looks at the current job; if it has parts left, its fields may be read, and are valid if the claim succeeds.</summary>
    public readonly long Look() => Volatile.Read(in ticket);

    /// <summary>Claims a part, counted down to 0, of the job that was <paramref name="seen"/>; −1 if another thread came first.</summary>
    public int Claim(long seen) =>
        (uint)seen != 0 && Interlocked.CompareExchange(ref ticket, seen - 1, seen) == seen ? (int)(uint)seen - 1 : -1;

    /// <summary>Notes that a claimed part has ended; true for the last one.</summary>
    public bool End() => Interlocked.Decrement(ref running) == 0;
}
