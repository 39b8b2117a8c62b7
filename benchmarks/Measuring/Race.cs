using System.Diagnostics;

namespace BrainState.Benchmarks.Measuring;

/// <summary>
/// Measures contenders side by side: they take turns, one short repetition each, so that whatever changes on the machine meets all. A
/// repetition during which other processes kept a processor busy is left out if there are enough others.
/// </summary>
internal sealed class Race(int threads)
{
    /// <summary>With fewer undisturbed repetitions, the disturbed ones count as well and the figure is marked.</summary>
    public const int FewestClean = 3;

    private const int Rounds = 11;

    /// <summary>Long enough for the 10 ms resolution of /proc/stat, and for every call to be made many times.</summary>
    private const double RepetitionSeconds = 0.15;

    /// <summary>Tiered compilation replaces code in steps of 100 ms after its last activity; a second covers its tiers.</summary>
    private const double WarmUpSeconds = 1.2;

    private const double PatienceSecondsPerContender = 6;

    public Figure[] Run(params IReadOnlyList<Contender> contenders)
    {
        var calls = contenders.Select(WarmUp).ToArray();
        var samples = contenders.Select(static _ => new List<Sample>()).ToArray();
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < Rounds || (samples.Any(static s => s.Count(static r => r.IsClean) < Rounds) && HasPatience()); round++)
            for (var i = 0; i < calls.Length; i++)
                samples[i].Add(Repeat(contenders[i], calls[i]));
        return [.. contenders.Select((contender, i) => new Figure(contender, samples[i]))];

        bool HasPatience() => Stopwatch.GetElapsedTime(start).TotalSeconds < PatienceSecondsPerContender * contenders.Count;
    }

    private Sample Repeat(Contender contender, int calls)
    {
        Thread.Sleep(10); // Idle threads of the one before stop spinning.
        contender.Repeat(Math.Max(1, calls / 20)); // Caches fill again.
        var busy = Load.BusySeconds();
        var repetition = contender.Repeat(calls);
        var others = (Load.BusySeconds() - busy - repetition.Cpu) / repetition.Seconds;
        return new(repetition.Seconds / calls, repetition.AllocatedBytes / calls, others <= Load.Tolerated(threads));
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
}

/// <summary>What one repetition gave, per call.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="AllocatedBytes">Managed memory; not known of other processes.</param>
/// <param name="IsClean">Whether other processes left the processors alone.</param>
internal readonly record struct Sample(double Seconds, double? AllocatedBytes, bool IsClean);

/// <summary>What was measured of one contender, one sample per round.</summary>
internal sealed class Figure(Contender contender, IReadOnlyList<Sample> samples)
{
    public Contender Contender => contender;

    /// <summary>The number of undisturbed repetitions.</summary>
    public int Clean { get; } = samples.Count(static s => s.IsClean);

    /// <summary>Whether there were too few of them, so that all count.</summary>
    public bool IsNoisy => Clean < Race.FewestClean;

    /// <summary>The number of all repetitions.</summary>
    public int Rounds => samples.Count;

    /// <summary>The median, in seconds per call.</summary>
    public double Median => Middle(Counted().Select(static s => s.Seconds));

    /// <summary>The least, in seconds per call.</summary>
    public double Minimum => Counted().Min(static s => s.Seconds);

    /// <summary>The median of the allocated bytes per call.</summary>
    public double? AllocatedBytes => samples[0].AllocatedBytes is null ? null : Middle(Counted().Select(static s => s.AllocatedBytes!.Value));

    /// <summary>
    /// How many times faster this is: the median over rounds of the ratio within a round, which does not depend on how fast the machine was
    /// then. Rounds in which both were undisturbed count; all, if there are too few, so that disturbances meet both.
    /// </summary>
    public double SpeedOver(Figure other)
    {
        var ratios = Enumerable.Range(0, Rounds).Select(i => (Ratio: other.At(i).Seconds / samples[i].Seconds, IsClean: samples[i].IsClean && other.At(i).IsClean)).ToArray();
        return Middle(ratios.Where(r => r.IsClean || ratios.Count(static r => r.IsClean) < Race.FewestClean).Select(static r => r.Ratio));
    }

    private Sample At(int round) => samples[round];

    private IEnumerable<Sample> Counted() => IsNoisy ? samples : samples.Where(static s => s.IsClean);

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
