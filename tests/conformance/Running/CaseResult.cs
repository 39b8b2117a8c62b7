namespace BrainState.Conformance;

/// <summary>What came of a case.</summary>
public enum Verdict
{
    /// <summary>The backend does what it must.</summary>
    Passed,
    /// <summary>It does something else, or refuses without an exclusion that says so.</summary>
    Failed,
    /// <summary>It does not pass, and an exclusion says why; or it lacks the devices.</summary>
    Excluded,
}

/// <summary>What came of a case on a backend.</summary>
/// <param name="Case">The case.</param>
/// <param name="Verdict">The outcome.</param>
/// <param name="Problem">Why it did not pass; empty if it passed.</param>
/// <param name="Deviation">How far results were from the expected ones, if it passed.</param>
/// <param name="Duration">How long it took, the interpreter and compilation included.</param>
public sealed record CaseResult(ConformanceCase Case, Verdict Verdict, string Problem, Deviation Deviation, TimeSpan Duration)
{
    /// <summary>Whether the backend refused an op.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>The exclusion that covers the case.</summary>
    public Exclusion? Exclusion { get; init; }

    /// <summary>Problem and reproducer, for a person.</summary>
    public string Describe() => $"{Case.Name}: {Problem}{(Case.ToText() is { } text ? "\n" + text : "")}";
}
