namespace BrainState.Conformance;

/// <summary>What a run found out about some backends.</summary>
/// <param name="Mode">The mode of the runner.</param>
/// <param name="Seed">The seed of the cases.</param>
/// <param name="Backends">One for each backend.</param>
public sealed record RunReport(string Mode, int Seed, IReadOnlyList<BackendReport> Backends)
{
    /// <summary>The number of cases that there are, of which a run may take some.</summary>
    public required int Cases { get; init; }

    /// <summary>The number of cases that passed.</summary>
    public int Passed => Backends.Sum(static b => b.Count(Verdict.Passed));

    /// <summary>The number of cases that failed, and of exclusions that are wrong.</summary>
    public int Failed => Backends.Sum(static b => b.Count(Verdict.Failed) + b.WrongExclusions.Count);

    /// <summary>The number of cases that an exclusion covers or that could not be put to the backend.</summary>
    public int Excluded => Backends.Sum(static b => b.Count(Verdict.Excluded));

    /// <summary>The last line of a run.</summary>
    public string Summary => $"{Passed} passed, {Failed} failed, {Excluded} excluded";
}

/// <summary>What a run found out about a backend.</summary>
/// <param name="Name">The name that selects it.</param>
/// <param name="Engine">Engine and version.</param>
/// <param name="Devices">A line for each kind of device.</param>
/// <param name="Results">The results, in the order of the cases.</param>
/// <param name="WrongExclusions">Exclusions that cover nothing, or only what passes; with the reason that makes them wrong.</param>
/// <param name="Duration">How long the run took.</param>
public sealed record BackendReport(
    string Name, string Engine, IReadOnlyList<string> Devices, IReadOnlyList<CaseResult> Results, IReadOnlyList<(Exclusion Exclusion, string Why)> WrongExclusions, TimeSpan Duration)
{
    /// <summary>The number of cases with a verdict.</summary>
    public int Count(Verdict verdict) => Results.Count(r => r.Verdict == verdict);

    /// <summary>Runs cases on a backend.</summary>
    public static BackendReport Of(ConformanceTarget target, IReadOnlyList<ConformanceCase> all, IReadOnlyList<ConformanceCase> selected, IReadOnlyList<Exclusion> exclusions, IRunObserver? observer)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var run = new ConformanceRun(target, exclusions) { Observer = observer };
        var results = run.Run(selected);
        (Exclusion, string)[] wrong =
        [
            .. ConformanceRun.Unused(exclusions, all).Select(static e => (e, "it covers no case, or none that an earlier one does not cover")),
            .. run.Stale(results).Select(static e => (e, "all cases that it covers pass: remove it")),
        ];
        return new(target.Name, $"{target.Backend.Info.Engine} {target.Backend.Info.EngineVersion}", [.. target.Backend.Devices.GroupBy(static d => d.Description, static d => d.Name).Select(static alike => $"{string.Join(", ", alike)}: {alike.Key}")], results, wrong, watch.Elapsed);
    }
}
