using System.Diagnostics;

namespace BrainState.Benchmarks.Measuring;

/// <summary>What was measured of one contender, in seconds per call.</summary>
internal sealed record Figure(Contender Contender, double Median, double Minimum, double? AllocatedPerCall, int Clean, int Noisy);

/// <summary>
/// Measures contenders side by side: they take turns, one short repetition each, so that whatever changes on the machine meets all. A
/// repetition during which other processes kept a processor busy is left out if there are enough others.
/// </summary>
internal sealed class Race(int threads)
{
    /// <summary>With fewer undisturbed repetitions, the disturbed ones count as well and the figure is marked.</summary>
    public const int FewestClean = 3;

    private const int Repetitions = 11;

    /// <summary>Long enough for the 10 ms resolution of /proc/stat, and for every call to be made many times.</summary>
    private const double RepetitionSeconds = 0.15;

    /// <summary>Tiered compilation replaces code in steps of 100 ms after its last activity; a second covers its tiers.</summary>
    private const double WarmUpSeconds = 1.2;

    private const double PatienceSecondsPerContender = 12;

    public Figure[] Run(params IReadOnlyList<Contender> contenders)
    {
        var calls = contenders.Select(WarmUp).ToArray();
        var clean = contenders.Select(_ => new List<Sample>()).ToArray();
        var noisy = contenders.Select(_ => new List<Sample>()).ToArray();
        var start = Stopwatch.GetTimestamp();
        while (clean.Any(static c => c.Count < Repetitions))
        {
            var rounds = clean.Zip(noisy).Min(static c => c.First.Count + c.Second.Count);
            var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (rounds >= Repetitions && elapsed > PatienceSecondsPerContender * contenders.Count) break;
            for (var i = 0; i < calls.Length; i++)
            {
                if (clean[i].Count >= 2 * Repetitions) continue;
                var (sample, isClean) = Repeat(contenders[i], calls[i]);
                (isClean ? clean : noisy)[i].Add(sample);
            }
        }
        return [.. contenders.Select((contender, i) => Summarise(contender, calls[i], clean[i], noisy[i]))];
    }

    private (Sample Sample, bool IsClean) Repeat(Contender contender, int calls)
    {
        Thread.Sleep(10); // Idle threads of the one before stop spinning.
        contender.Repeat(Math.Max(1, calls / 20)); // Caches fill again.
        var busy = Load.BusySeconds();
        var sample = contender.Repeat(calls);
        var others = (Load.BusySeconds() - busy - sample.Cpu) / sample.Seconds;
        return (sample, others <= Load.Tolerated(threads));
    }

    /// <summary>Runs until the code is in its final form, and finds how many calls fill a repetition.</summary>
    private static int WarmUp(Contender contender)
    {
        var start = Stopwatch.GetTimestamp();
        var calls = 1;
        while (true)
        {
            var seconds = contender.Repeat(calls).Seconds;
            if (seconds >= RepetitionSeconds / 2 && Stopwatch.GetElapsedTime(start).TotalSeconds > WarmUpSeconds)
                return (int)Math.Max(1, calls * RepetitionSeconds / seconds);
            if (seconds < RepetitionSeconds / 2) calls = checked(calls * 2);
        }
    }

    private static Figure Summarise(Contender contender, int calls, List<Sample> clean, List<Sample> noisy)
    {
        var used = clean.Count >= FewestClean ? clean : [.. clean, .. noisy];
        var seconds = used.Select(s => s.Seconds / calls).Order().ToArray();
        var allocated = used.Select(s => s.AllocatedBytes / calls).Order().ToArray();
        return new(contender, seconds[seconds.Length / 2], seconds[0], allocated[allocated.Length / 2], clean.Count, noisy.Count);
    }
}
