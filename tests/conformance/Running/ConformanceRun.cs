using System.Collections.Concurrent;
using System.Diagnostics;
using BrainState.Execution;

namespace BrainState.Conformance;

/// <summary>Runs cases on a backend, some at the same time.</summary>
/// <param name="target">The backend.</param>
/// <param name="exclusions">What it is known not to pass.</param>
public sealed class ConformanceRun(ConformanceTarget target, IReadOnlyList<Exclusion>? exclusions = null)
{
    private readonly IReadOnlyList<Exclusion> exclusions = exclusions ?? [];

    /// <summary>The number of cases that run at the same time.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Told of each case that begins, and of its result; from several threads.</summary>
    public IRunObserver? Observer { get; init; }

    /// <summary>The results, in the order of the cases.</summary>
    public IReadOnlyList<CaseResult> Run(IReadOnlyList<ConformanceCase> cases, CancellationToken cancellationToken = default)
    {
        var results = new CaseResult[cases.Count];
        // In small portions: neighbours take about as long.
        Parallel.ForEach(Partitioner.Create(Enumerable.Range(0, cases.Count), EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, i =>
            {
                Observer?.Started(cases[i]);
                results[i] = Run(cases[i]);
                Observer?.Finished(results[i]);
            });
        return results;
    }

    /// <summary>The result of one case.</summary>
    public CaseResult Run(ConformanceCase item)
    {
        var exclusion = exclusions.FirstOrDefault(e => e.Covers(item.Name));
        var watch = Stopwatch.StartNew();
        CaseResult Failure(string problem, bool isRefusal = false) =>
            new(item, exclusion?.Excuses(isRefusal) == true ? Verdict.Excluded : Verdict.Failed, problem, Deviation.None, watch.Elapsed) { IsRefusal = isRefusal, Exclusion = exclusion };

        try
        {
            if (item.Devices > target.Devices.Count) throw LacksDevices(item.Devices);
            return new(item, Verdict.Passed, "", item.Run(target), watch.Elapsed) { Exclusion = exclusion };
        }
        catch (NotApplicableException reason)
        {
            return new(item, Verdict.Excluded, reason.Message, Deviation.None, watch.Elapsed) { Exclusion = exclusion };
        }
        catch (UnsupportedOperationException refusal)
        {
            return Failure(refusal.Message, isRefusal: true);
        }
        catch (ConformanceException failure)
        {
            return Failure(failure.Message);
        }
        catch (Exception failure)
        {
            return Failure($"{failure.GetType().Name}: {failure.Message}");
        }
    }

    private NotApplicableException LacksDevices(int needed)
    {
        var more = target.Backend.Info.MoreDevices is { } way ? ": " + way : "";
        return new($"needs {needed} devices, but there are {target.Devices.Count}{more}");
    }

    /// <summary>The exclusions that these results prove wrong: they cover cases, and all of them pass.</summary>
    public IReadOnlyList<Exclusion> Stale(IReadOnlyList<CaseResult> results) => [.. exclusions.Where(exclusion =>
        results.Where(r => exclusion.Equals(r.Exclusion)).ToArray() is { Length: > 0 } covered && covered.All(static r => r.Verdict == Verdict.Passed))];

    /// <summary>The exclusions that cover none of the cases, or only such as an earlier one covers.</summary>
    public static IReadOnlyList<Exclusion> Unused(IReadOnlyList<Exclusion> exclusions, IReadOnlyList<ConformanceCase> cases) =>
        [.. exclusions.Except(cases.Select(item => exclusions.FirstOrDefault(e => e.Covers(item.Name))).OfType<Exclusion>())];
}

/// <summary>Watches a run, from several threads.</summary>
public interface IRunObserver
{
    /// <summary>A case begins.</summary>
    void Started(ConformanceCase item);

    /// <summary>A case has ended.</summary>
    void Finished(CaseResult result);
}
