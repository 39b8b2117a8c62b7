using System.Diagnostics;
using System.Globalization;

namespace BrainState.Benchmarks.Measuring;

/// <summary>
/// Python PyTorch in a process of its own that waits for requests, so that it can take turns with us. It is tuned as a fair opponent must be:
/// OpenBLAS with the kernels of this processor, glibc told to keep memory, as many threads as we use.
/// </summary>
internal sealed class TorchProcess : IDisposable
{
    private readonly Process process;

    private TorchProcess(Process process, string version) => (this.process, Version) = (process, version);

    public const string HowToInstall = "torch absent: apt-get install -y --no-install-recommends python3-torch libopenblas0-openmp";

    /// <summary>The version of PyTorch.</summary>
    public string Version { get; }

    /// <summary>Starts it, or returns null if there is no PyTorch.</summary>
    /// <param name="threads">The number of threads.</param>
    /// <param name="device">The device, as PyTorch names it.</param>
    public static TorchProcess? TryStart(int threads, string device)
    {
        var python = Environment.GetEnvironmentVariable("PYTHON") ?? "/usr/bin/python3";
        if (!File.Exists(python)) return null;
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "pytorch", "server.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["BENCHMARK_DEVICE"] = device;
        foreach (var key in (string[])["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"])
            start.Environment[key] = threads.ToString(CultureInfo.InvariantCulture);
        foreach (var key in (string[])["MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"]) start.Environment[key] = "8589934592";
        start.Environment["MALLOC_TOP_PAD_"] = "67108864";
        if (System.Runtime.Intrinsics.X86.Avx512F.IsSupported) start.Environment.TryAdd("OPENBLAS_CORETYPE", "SKYLAKEX");
        var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var answer = process.StandardOutput.ReadLine()?.Split(' ');
        if (answer is ["ready", var version]) return new(process, version);
        process.Dispose();
        return null;
    }

    /// <summary>A case of a script beside <c>server.py</c>.</summary>
    public Contender Case(string script, string function, string name, bool isBaseline = false) =>
        new($"PyTorch {name}", calls => Ask(script, function, calls), isBaseline);

    private Repetition Ask(string script, string function, int calls)
    {
        process.StandardInput.WriteLine($"{script} {function} {calls}");
        process.StandardInput.Flush();
        var answer = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The PyTorch process ended.");
        if (answer.StartsWith("error", StringComparison.Ordinal)) throw new InvalidOperationException($"PyTorch {script}.{function}: {answer}");
        var numbers = answer.Split(' ').Select(static n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return new(numbers[0], numbers[1], null);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
