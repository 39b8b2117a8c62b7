using System.Runtime.InteropServices;
using BrainState.Backends;

namespace BrainState.UnitTests.Cpu;

/// <summary>Host memory that ends where a page begins which nobody may touch: whoever reads past its end crashes. Linux only.</summary>
internal static unsafe partial class GuardedMemory
{
    private const int ReadWrite = 3, NoAccess = 0, PrivateAnonymous = 0x22;

    /// <summary>Memory that belongs to one reference, which the caller owns.</summary>
    public static HostMemory Allocate(long length)
    {
        var page = Environment.SystemPageSize;
        var usable = (length + page - 1) / page * page;
        var start = Map(0, (nint)usable + page, ReadWrite, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, start);
        Assert.Equal(0, Protect(start + (nint)usable, page, NoAccess));
        return HostMemory.Wrap(start + (nint)(usable - length), length, _ => Unmap(start, (nint)usable + page));
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nint length);
}
