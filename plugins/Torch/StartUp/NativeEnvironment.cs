using System.Globalization;
using System.Runtime.Intrinsics.X86;
using BrainState.Torch.Interop;

namespace BrainState.Torch.StartUp;

/// <summary>
/// What native libraries read from the environment when they are loaded. .NET's own <see cref="Environment.SetEnvironmentVariable(string, string)"/> does not reach
/// them, so libc is called. Whatever the user has set wins.
/// </summary>
internal static class NativeEnvironment
{
    private static bool HasAvx512 => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported;

    /// <summary>Threads of OpenMP. at::set_num_threads would reach the calling thread only, and programs are run by any.</summary>
    public static int SetThreads(int? wanted)
    {
        const string Name = "OMP_NUM_THREADS";
        if (wanted is null && int.TryParse(Environment.GetEnvironmentVariable(Name), NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given > 0) wanted = given;
        var threads = wanted ?? Environment.ProcessorCount;
        LibC.SetEnvironment(Name, threads.ToString(CultureInfo.InvariantCulture));
        return threads;
    }

    /// <summary>ATen takes AVX2 kernels by default where AVX-512 ones are up to twice as fast.</summary>
    public static void SetKernels()
    {
        if (HasAvx512) SetDefault("ATEN_CPU_CAPABILITY", "avx512");
    }

    /// <summary>OpenBLAS before 0.3.22 takes AMD's processors with AVX-512 for older ones and computes at half their speed.</summary>
    /// <returns>The kernels that were asked for, or null if OpenBLAS chooses.</returns>
    public static string? SetOpenBlasKernels()
    {
        const string Name = "OPENBLAS_CORETYPE";
        if (HasAvx512 && IsAmd) SetDefault(Name, "SKYLAKEX");
        else if (Environment.GetEnvironmentVariable(Name) is { } given) LibC.SetEnvironment(Name, given);
        else return null;
        return Environment.GetEnvironmentVariable(Name) ?? "SKYLAKEX";
    }

    /// <summary>"AuthenticAMD", of which the first four letters are in the second register.</summary>
    private static bool IsAmd => X86Base.IsSupported && X86Base.CpuId(0, 0).Ebx == 0x68747541;

    private static void SetDefault(string name, string value) => LibC.SetEnvironment(name, Environment.GetEnvironmentVariable(name) ?? value);
}
