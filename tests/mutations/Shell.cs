using System.ComponentModel;
using System.Diagnostics;

namespace BrainState.Mutations;

/// <summary>How long a program may run.</summary>
/// <param name="Processor">The time that processors may spend on it, in all: what a busy machine does not change.</param>
/// <param name="Wall">The time that may pass.</param>
internal readonly record struct Limits(TimeSpan Processor, TimeSpan Wall)
{
    /// <summary>Any processor time, within the time that may pass. Only that is known of programs that start others.</summary>
    public static Limits Of(TimeSpan wall) => new(TimeSpan.MaxValue, wall);
}

/// <summary>What a program printed, and how it ended.</summary>
/// <param name="ExitCode">Its exit code; null if it was stopped because it took too long.</param>
/// <param name="Output">All that it printed.</param>
/// <param name="ProcessorTime">The time that processors spent on it, to a fraction of a second.</param>
/// <param name="IsEndless">Whether it was stopped because that was too much, and not because too much time had passed.</param>
internal readonly record struct Ended(int? ExitCode, string Output, TimeSpan ProcessorTime = default, bool IsEndless = false)
{
    /// <summary>The last line that says anything.</summary>
    public string LastLine => Output.Split('\n').LastOrDefault(static line => !string.IsNullOrWhiteSpace(line))?.Trim() ?? "";
}

/// <summary>Runs other programs.</summary>
internal static class Shell
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs a program to its end, or until it has taken too long; with it end those that it started.</summary>
    public static Ended Run(string folder, Limits limits, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // Nothing stays behind that could hold files of the folder.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start) ?? throw new IOException($"{program} does not start.");
        var texts = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var (watch, used) = (Stopwatch.StartNew(), TimeSpan.Zero);
        while (!process.WaitForExit(Interval) && used <= limits.Processor && watch.Elapsed <= limits.Wall) used = ProcessorTime(process) ?? used;
        var isStopped = !process.HasExited;
        if (isStopped) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return new(isStopped ? null : process.ExitCode, string.Join('\n', texts.Result), used, isStopped && used > limits.Processor);
    }

    /// <summary>Null if it has just ended.</summary>
    private static TimeSpan? ProcessorTime(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
