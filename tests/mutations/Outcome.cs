namespace BrainState.Mutations;

/// <summary>Whether the suite noticed.</summary>
internal enum Verdict
{
    /// <summary>A case failed.</summary>
    Caught,
    /// <summary>All cases passed: the suite lacks one.</summary>
    Survived,
    /// <summary>The mutant is out of date, does not compile, or names no cases.</summary>
    Invalid,
    /// <summary>The run was given up before it had used the processor time that it may use, on a busy machine perhaps: as if it had not been run.</summary>
    Unfinished,
}

/// <summary>What became of a mutant.</summary>
/// <param name="Mutant">The mutant.</param>
/// <param name="Verdict">Whether the suite noticed.</param>
/// <param name="Evidence">The first case that failed, how the run ended otherwise, or what is wrong with the mutant.</param>
/// <param name="Failed">The number of cases that failed.</param>
/// <param name="Cases">The number of cases that were run.</param>
internal sealed record Outcome(Mutant Mutant, Verdict Verdict, string Evidence, int Failed, int Cases)
{
    /// <summary>Name and verdict as a line of text.</summary>
    public override string ToString() => $"{Verdict.ToString().ToLowerInvariant(),-10} {Mutant.Name,-40} {Verdict switch
    {
        Verdict.Caught when Failed > 0 => $"{Evidence}, {Failed} of {Cases}",
        Verdict.Survived => $"{Cases} cases pass",
        _ => Evidence,
    }}";
}
