using System.Diagnostics;

namespace BrainState.Mutations;

/// <summary>What a program printed, and how it ended.</summary>
/// <param name="ExitCode">Its exit code; null if it was stopped because it took too long.</param>
/// <param name="Output">All that it printed.</param>
internal readonly record struct Ended(int? ExitCode, string Output)
{
    /// <summary>The last line that says anything.</summary>
    public string LastLine => Output.Split('\n').LastOrDefault(static line => !string.IsNullOrWhiteSpace(line))?.Trim() ?? "";
}

/// <summary>Runs other programs.</summary>
internal static class Shell
{
    /// <summary>Runs a program to its end, or until it has taken too long; with it end those that it started.</summary>
    public static Ended Run(string folder, TimeSpan limit, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // Nothing stays behind that could hold files of the folder.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start) ?? throw new IOException($"{program} does not start.");
        var texts = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var isDone = process.WaitForExit(limit);
        if (!isDone) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return new(isDone ? process.ExitCode : null, string.Join('\n', texts.Result));
    }
}
