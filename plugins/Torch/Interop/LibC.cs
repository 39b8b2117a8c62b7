using System.Runtime.InteropServices;
using BrainState.Backends;

namespace BrainState.Torch.Interop;

/// <summary>What .NET does not offer: the native environment, and libraries whose symbols others see.</summary>
internal static partial class LibC
{
    private const int ResolveNow = 2;
    private const int Local = 0;
    private const int Global = 0x100;

    /// <summary>Sets a variable for native code.</summary>
    public static void SetEnvironment(string name, string value) => _ = setenv(name, value, 1);

    /// <summary>Loads a library whose symbols come before those of libraries that are loaded later.</summary>
    /// <exception cref="BackendException">It cannot be loaded.</exception>
    public static void LoadGlobally(string path) => Load(path, Global);

    /// <summary>Loads a library.</summary>
    /// <exception cref="BackendException">It cannot be loaded.</exception>
    public static void Load(string path) => Load(path, Local);

    private static void Load(string path, int visibility)
    {
        if (dlopen(path, ResolveNow | visibility) == 0) throw new BackendException(Marshal.PtrToStringUTF8(dlerror()) ?? $"{path} cannot be loaded.");
    }

    [LibraryImport("libc.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    // From glibc 2.34 on it stands in libc.so.6, before in libdl.so.2, which is there in both cases.
    [LibraryImport("libdl.so.2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint dlopen(string path, int flags);

    [LibraryImport("libdl.so.2")]
    private static partial nint dlerror();
}
