using System.Diagnostics;
using BrainState.Backends;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>How long a program takes on a backend: seconds a run, arguments on the device, until results are ready.</summary>
/// <param name="Median">Of the repetitions.</param>
/// <param name="Least">Of the repetitions.</param>
internal readonly record struct Timing(double Median, double Least)
{
    private const int Repetitions = 11;

    /// <summary>Long enough for the clock and for tiered compilation, in seconds.</summary>
    private const double Repetition = 0.02, WarmUp = 0.3;

    /// <summary>Times a workload.</summary>
    /// <exception cref="Execution.UnsupportedOperationException">The backend refuses an op that has no decomposition.</exception>
    public static Timing Of(ConformanceTarget target, Workload workload)
    {
        var program = target.Legalise(workload.Program);
        using var executable = target.Backend.Compile(program, new CompileOptions { Devices = [target.Device] });
        var arguments = workload.Inputs.Select(target.Upload).ToArray();
        try
        {
            var runs = 0;
            var watch = Stopwatch.StartNew();
            for (; watch.Elapsed.TotalSeconds < WarmUp || runs == 0; runs++) Run(executable, program, arguments);
            var count = Math.Max(1, (int)(Repetition * runs / watch.Elapsed.TotalSeconds));
            var seconds = new double[Repetitions];
            for (var i = 0; i < seconds.Length; i++)
            {
                watch.Restart();
                for (var n = 0; n < count; n++) Run(executable, program, arguments);
                seconds[i] = watch.Elapsed.TotalSeconds / count;
            }
            Array.Sort(seconds);
            return new(seconds[Repetitions / 2], seconds[0]);
        }
        finally
        {
            foreach (var argument in arguments) argument.Dispose();
        }
    }

    private static void Run(IExecutable executable, Program program, IBuffer[] arguments)
    {
        var results = new IBuffer[program.Outputs.Length];
        executable.Execute(arguments, results, default);
        foreach (var result in results)
        {
            var ready = result.WhenReady();
            if (!ready.IsCompleted) ready.AsTask().Wait();
            result.Dispose();
        }
    }
}
