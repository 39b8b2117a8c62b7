using System.Collections.Concurrent;
using BrainState.Hosting;
using Xunit;

namespace BrainState.Conformance.Xunit;

/// <summary>The conformance suite for one backend: <c>public sealed class AcmeConformance() : BackendConformance("acme");</c></summary>
/// <param name="backend">The name that selects the backend.</param>
/// <remarks>The backend is started once for each subclass and lives as long as the process.</remarks>
public abstract class BackendConformance(string backend)
{
    private static readonly ConcurrentDictionary<Type, Lazy<ConformanceTarget>> Targets = new();
    private static readonly ConcurrentDictionary<Type, string?> Absences = new();

    /// <summary>What the backend is known not to pass, and why.</summary>
    protected virtual IReadOnlyList<Exclusion> Exclusions => [];

    /// <summary>Whether the backend's engine need not be on every machine. Where it is not, the tests are skipped, with the reason that the backend gives.</summary>
    protected virtual bool MayBeAbsent => false;

    /// <summary>Settings of the backend, and folders to search for it beside <c>plugins</c> next to the tests.</summary>
    protected virtual void Configure(BrainStateBuilder builder)
    {
    }

    /// <summary>The backend under test.</summary>
    protected ConformanceTarget Target => Targets.GetOrAdd(GetType(), _ => new(() => ConformanceTarget.Start(backend, Configure))).Value;

    /// <summary>A case passes, or an exclusion says why it does not.</summary>
    [ConformanceTheory]
    [ConformanceCases]
    public void Conforms(string @case)
    {
        SkipIfAbsent();
        var result = new ConformanceRun(Target, Exclusions).Run(ConformanceCasesAttribute.Find(@case));
        if (result.Verdict == Verdict.Failed) throw new ConformanceException(result.Describe());
        if (result.Verdict == Verdict.Excluded) throw new SkipException(result.Exclusion is { } exclusion ? $"{exclusion.Kind}: {exclusion.Reason}" : result.Problem);
    }

    /// <summary>Every exclusion covers cases, and not only such as pass.</summary>
    [ConformanceFact]
    public void ExclusionsAreRight()
    {
        SkipIfAbsent();
        var all = ConformanceSuites.Cases();
        var run = new ConformanceRun(Target, Exclusions);
        var unused = ConformanceRun.Unused(Exclusions, all).Select(static e => $"{e} (covers nothing)");
        // One case that does not pass justifies an exclusion, and most are soon found.
        var covered = all.ToLookup(item => Exclusions.FirstOrDefault(e => e.Covers(item.Name)));
        var stale = Exclusions.Where(e => covered[e].Any() && covered[e].All(item => run.Run(item).Verdict == Verdict.Passed)).Select(static e => $"{e} (all of it passes: remove it)");
        if (unused.Concat(stale).ToArray() is { Length: > 0 } wrong) throw new ConformanceException($"Wrong exclusions:\n{string.Join('\n', wrong)}");
    }

    /// <summary>No suite is left out as a whole for good: each has a case that is not unsupported. Suites for several devices are skipped, not forgotten, where there is one.</summary>
    [Fact]
    public void NoSuiteIsForgotten()
    {
        var forgotten = ConformanceSuites.All.Select(static s => s.Name).Except(ConformanceSuites.Cases().Where(item =>
            item.IsQuick && !Exclusions.OfType<Unsupported>().Any(e => e.Covers(item.Name))).Select(static item => item.Suite)).ToArray();
        if (forgotten.Length > 0) throw new ConformanceException($"No case is run of {string.Join(", ", forgotten)}.");
    }

    private void SkipIfAbsent()
    {
        if (MayBeAbsent && Absences.GetOrAdd(GetType(), _ => ConformanceTarget.AbsenceOf(backend, Configure)) is { } reason) throw new SkipException($"engine absent: {reason}");
    }
}
