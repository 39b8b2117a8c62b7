using System.Runtime.InteropServices;
using BrainState.Backends;

namespace BrainState.Conformance;

/// <summary>Host memory that tells when its last reference went; it is overwritten then, as the next owner would.</summary>
internal sealed class WatchedMemory
{
    private int releases;

    /// <summary>A copy of <paramref name="contents"/>, so many bytes behind an address that is divisible by 64.</summary>
    public WatchedMemory(ReadOnlySpan<byte> contents, int offset)
    {
        var length = contents.Length;
        var block = Marshal.AllocHGlobal(length + HostMemory.Alignment + offset);
        var start = ((block + HostMemory.Alignment - 1) & ~(nint)(HostMemory.Alignment - 1)) + offset;
        Memory = HostMemory.Wrap(start, length, address =>
        {
            var other = new byte[length];
            Array.Fill(other, (byte)0xA5);
            Marshal.Copy(other, 0, address, length);
            Marshal.FreeHGlobal(block);
            Interlocked.Increment(ref releases);
        });
        contents.CopyTo(Memory.Span);
    }

    /// <summary>The memory, with one reference for the caller.</summary>
    public HostMemory Memory { get; }

    /// <summary>Waits until the last reference has gone.</summary>
    public bool IsReleased() => SpinWait.SpinUntil(() => Volatile.Read(ref releases) > 0, TimeSpan.FromSeconds(5));
}
