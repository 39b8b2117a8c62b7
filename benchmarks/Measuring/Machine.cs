using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BrainState.Benchmarks.Measuring;

/// <summary>What the machine can do at best, as contenders: the measure of everything else.</summary>
internal static class Machine
{
    /// <summary>The floats that <see cref="Copy"/> copies in one call: more than caches hold.</summary>
    public const int CopiedFloats = 10_000_000;

    private const int Chains = 12;
    private const int RoundsPerCall = 100_000;

    private static int Lanes => Avx512F.IsSupported ? 16 : 8;

    /// <summary>The arithmetic of one call of <see cref="FusedMultiplyAdds"/>.</summary>
    public static double FlopsPerCall(int threads) => 2.0 * Chains * Lanes * RoundsPerCall * threads;

    /// <summary>Processor, cores and the widest vectors that products use.</summary>
    public static string Describe()
    {
        var lines = File.Exists("/proc/cpuinfo") ? File.ReadAllLines("/proc/cpuinfo") : [];
        var model = Field("model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        var flags = Field("flags")?.Split(' ').Where(static f => f is "fma" or "avx2" or "avx512f" or "avx512_bf16" or "amx_tile" or "asimd") ?? [];
        return $"{model}, {Environment.ProcessorCount} cores, {string.Join(' ', flags)}; {RuntimeInformation.FrameworkDescription}, {Lanes * 32}-bit vectors";

        string? Field(string name) => lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
    }

    /// <summary>Independent chains of fused multiply-adds in registers, enough to hide their latency, on every thread.</summary>
    public static Contender FusedMultiplyAdds(int threads) => Contender.Of("FMA in registers (C#)", calls =>
        OnThreads(threads, _ =>
        {
            var sum = Avx512F.IsSupported ? Chains512((long)calls * RoundsPerCall) : Chains256((long)calls * RoundsPerCall);
            if (float.IsNaN(sum)) throw new InvalidOperationException("The chains must converge.");
        }));

    /// <summary>Copies <see cref="CopiedFloats"/> floats, a part on every thread.</summary>
    public static Contender Copy(int threads)
    {
        var source = GC.AllocateArray<float>(CopiedFloats, pinned: true);
        var target = GC.AllocateArray<float>(CopiedFloats, pinned: true);
        source.AsSpan().Fill(1);
        return Contender.Of("copy of 10M floats (C#)", calls => OnThreads(threads, thread =>
        {
            var (first, end) = ((int)((long)CopiedFloats * thread / threads), (int)((long)CopiedFloats * (thread + 1) / threads));
            for (var i = 0; i < calls; i++) source.AsSpan(first..end).CopyTo(target.AsSpan(first));
        }));
    }

    private static void OnThreads(int threads, Action<int> body)
    {
        var others = Enumerable.Range(1, threads - 1).Select(i => new Thread(() => body(i))).ToArray();
        foreach (var thread in others) thread.Start();
        body(0);
        foreach (var thread in others) thread.Join();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains512(long rounds)
    {
        var (m, c) = (Vector512.Create(0.999f), Vector512.Create(1e-3f));
        Vector512<float> a0 = m, a1 = m, a2 = m, a3 = m, a4 = m, a5 = m, a6 = m, a7 = m, a8 = m, a9 = m, a10 = m, a11 = m;
        for (var i = 0L; i < rounds; i++)
        {
            a0 = Vector512.FusedMultiplyAdd(a0, m, c);
            a1 = Vector512.FusedMultiplyAdd(a1, m, c);
            a2 = Vector512.FusedMultiplyAdd(a2, m, c);
            a3 = Vector512.FusedMultiplyAdd(a3, m, c);
            a4 = Vector512.FusedMultiplyAdd(a4, m, c);
            a5 = Vector512.FusedMultiplyAdd(a5, m, c);
            a6 = Vector512.FusedMultiplyAdd(a6, m, c);
            a7 = Vector512.FusedMultiplyAdd(a7, m, c);
            a8 = Vector512.FusedMultiplyAdd(a8, m, c);
            a9 = Vector512.FusedMultiplyAdd(a9, m, c);
            a10 = Vector512.FusedMultiplyAdd(a10, m, c);
            a11 = Vector512.FusedMultiplyAdd(a11, m, c);
        }
        return Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains256(long rounds)
    {
        var (m, c) = (Vector256.Create(0.999f), Vector256.Create(1e-3f));
        Vector256<float> a0 = m, a1 = m, a2 = m, a3 = m, a4 = m, a5 = m, a6 = m, a7 = m, a8 = m, a9 = m, a10 = m, a11 = m;
        for (var i = 0L; i < rounds; i++)
        {
            a0 = Vector256.FusedMultiplyAdd(a0, m, c);
            a1 = Vector256.FusedMultiplyAdd(a1, m, c);
            a2 = Vector256.FusedMultiplyAdd(a2, m, c);
            a3 = Vector256.FusedMultiplyAdd(a3, m, c);
            a4 = Vector256.FusedMultiplyAdd(a4, m, c);
            a5 = Vector256.FusedMultiplyAdd(a5, m, c);
            a6 = Vector256.FusedMultiplyAdd(a6, m, c);
            a7 = Vector256.FusedMultiplyAdd(a7, m, c);
            a8 = Vector256.FusedMultiplyAdd(a8, m, c);
            a9 = Vector256.FusedMultiplyAdd(a9, m, c);
            a10 = Vector256.FusedMultiplyAdd(a10, m, c);
            a11 = Vector256.FusedMultiplyAdd(a11, m, c);
        }
        return Vector256.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }
}
