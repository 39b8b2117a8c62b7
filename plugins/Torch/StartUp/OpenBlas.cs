using BrainState.Backends;
using BrainState.Torch.Interop;

namespace BrainState.Torch.StartUp;

/// <summary>
/// Debian's libtorch calls whatever BLAS the system has. That may be the reference implementation, which is 60 times slower than OpenBLAS, so OpenBLAS is loaded
/// first and its functions come before those of the other.
/// </summary>
internal static class OpenBlas
{
    /// <summary>Loads it where it is installed, and says what multiplies matrices now.</summary>
    public static string Load()
    {
        var kernels = NativeEnvironment.SetOpenBlasKernels();
        // The flavour for OpenMP follows libtorch's number of threads; the usual one may be any.
        string[] candidates = [.. Folders().Select(static folder => Path.Combine(folder, "openblas-openmp", "libopenblas.so.0")).Where(File.Exists), "libopenblas.so.0"];
        foreach (var path in candidates)
        {
            try
            {
                LibC.LoadGlobally(path);
                return $"OpenBLAS{(kernels is null ? "" : $" with {kernels} kernels")}";
            }
            catch (BackendException)
            {
                // The next one may load.
            }
        }
        return "the system's BLAS, which may be slow: apt-get install libopenblas0-openmp";
    }

    private static string[] Folders() => Directory.Exists("/usr/lib") ? Directory.GetDirectories("/usr/lib", "*-linux-gnu*") : [];
}
