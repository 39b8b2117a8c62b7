namespace BrainState.Mutations;

/// <summary>A fault made by hand: one place of a source file says something else.</summary>
/// <param name="Name">A few words joined by dashes; unique.</param>
/// <param name="Kind">The sort of mistake: sign, axis, rounding, ….</param>
/// <param name="File">The file, from the root of the repository.</param>
/// <param name="Original">Text that is in the file exactly once.</param>
/// <param name="Replacement">What stands there instead.</param>
/// <param name="Cases">Patterns of names of the cases that are run first.</param>
internal sealed record Mutant(string Name, string Kind, string File, string Original, string Replacement, string[] Cases)
{
    /// <summary>The source of the file with the fault.</summary>
    /// <exception cref="FormatException">The original is not there exactly once: the code has changed, and the mutant is out of date.</exception>
    public string Apply(string source)
    {
        var first = source.IndexOf(Original, StringComparison.Ordinal);
        if (first < 0) throw new FormatException($"{Name} is out of date: its original is not in {File}.");
        if (source.IndexOf(Original, first + 1, StringComparison.Ordinal) >= 0) throw new FormatException($"{Name} is out of date: its original is in {File} more than once.");
        return string.Concat(source.AsSpan(0, first), Replacement, source.AsSpan(first + Original.Length));
    }
}
