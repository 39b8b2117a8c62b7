using System.Text;

namespace BrainState.Mutations;

/// <summary>The table of which case caught which mutant, as a page of documentation. Rows of mutants that were not run again stay as they are.</summary>
internal static class ResultTable
{
    private const string Head = """
        # What the suite catches

        Written by `dotnet run --project tests/mutations -- --markdown tests/mutations/RESULTS.md`. For each fault the first case that fails, and how many of the cases fail that were run first.


        """;

    /// <summary>Puts outcomes into the file at <paramref name="path"/>.</summary>
    /// <param name="path">The file; it need not exist.</param>
    /// <param name="mutants">All mutants, in order.</param>
    /// <param name="outcomes">What became of some of them.</param>
    public static void Update(string path, IReadOnlyList<Mutant> mutants, IEnumerable<Outcome> outcomes)
    {
        var rows = File.Exists(path) ? File.ReadAllLines(path).Where(static line => NameOf(line) is not null).ToDictionary(static line => NameOf(line)!) : [];
        foreach (var outcome in outcomes) rows[outcome.Mutant.Name] = Row(outcome);
        string[] kept = [.. mutants.Where(mutant => rows.ContainsKey(mutant.Name)).Select(mutant => rows[mutant.Name])];
        var survived = kept.Count(static row => row.Contains("**survived**"));
        var text = new StringBuilder(Head);
        var open = mutants.Count == kept.Length ? "" : $", {mutants.Count - kept.Length} not run yet";
        text.Append($"**{kept.Length - survived} caught, {survived} survived{open}.**\n\n| fault | kind | file | caught by | failing |\n|---|---|---|---|---:|\n");
        foreach (var row in kept) text.Append(row).Append('\n');
        var fresh = path + ".new";
        File.WriteAllText(fresh, text.ToString());
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>The names of the mutants in a table.</summary>
    public static IEnumerable<string> Names(string path) => File.ReadLines(path).Select(NameOf).OfType<string>();

    private static string Row(Outcome outcome) => $"| `{outcome.Mutant.Name}` | {outcome.Mutant.Kind} | {outcome.Mutant.File} | {outcome.Verdict switch
    {
        Verdict.Survived => "**survived** |",
        _ when outcome.Failed == 0 => $"{outcome.Evidence} |",
        _ => $"`{outcome.Evidence}` | {outcome.Failed} of {outcome.Cases}",
    }} |";

    private static string? NameOf(string line) => line.StartsWith("| `", StringComparison.Ordinal) ? line[3..line.IndexOf('`', 3)] : null;
}
