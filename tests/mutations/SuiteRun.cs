using System.Text.Json;

namespace BrainState.Mutations;

/// <summary>What a run of the suite found.</summary>
/// <param name="Cases">The number of cases that were run.</param>
/// <param name="Failed">The names of those that failed, in the order of the suite.</param>
/// <param name="Abort">Why the run did not come to its end; null if it did.</param>
internal sealed record SuiteRun(int Cases, IReadOnlyList<string> Failed, string? Abort)
{
    /// <summary>Whether the run came to an end, or used more processor time than it may; otherwise it says nothing about a fault.</summary>
    public bool IsFinished { get; private init; } = true;

    /// <summary>The time that processors spent on it.</summary>
    public TimeSpan ProcessorTime { get; private init; }

    /// <summary>Whether anything is wrong.</summary>
    public bool HasFailed => Abort is not null || Failed.Count > 0;

    /// <summary>What was wrong first.</summary>
    public string Evidence => Abort ?? Failed[0];

    /// <summary>The exit codes of programs that somebody stopped: no finding about a fault.</summary>
    private const int Interrupted = 130, Terminated = 143;

    /// <summary>Reads the report of a run.</summary>
    /// <exception cref="IOException">Somebody stopped it.</exception>
    public static SuiteRun Of(Ended ended, string report)
    {
        if (ended.ExitCode is Interrupted or Terminated) throw new IOException("A run was stopped from outside.");
        if (ended.ExitCode is null) return new(0, [], ended.IsEndless ? "endless loop" : "not finished") { IsFinished = ended.IsEndless };
        if (!File.Exists(report)) return new(0, [], ended.ExitCode == 2 ? $"no start: {ended.LastLine}" : $"crash with exit code {ended.ExitCode}");
        using var json = JsonDocument.Parse(File.ReadAllBytes(report));
        var cases = json.RootElement.GetProperty("backends").EnumerateArray().SelectMany(static backend => backend.GetProperty("cases").EnumerateArray()).ToArray();
        return new(cases.Length, [.. cases.Where(static c => c.GetProperty("verdict").GetString() == "failed").Select(static c => c.GetProperty("name").GetString()!)], null) { ProcessorTime = ended.ProcessorTime };
    }
}
