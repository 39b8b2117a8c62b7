namespace BrainState.Hosting;

/// <summary>Guesses what was meant by a mistyped word.</summary>
internal static class Spelling
{
    /// <summary>The sentence " Did you mean …?" if one of the known words is at most two edits away; otherwise nothing.</summary>
    public static string Suggest(string word, IEnumerable<string> known)
    {
        var best = known.MinBy(candidate => Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant()));
        var isNear = best is not null && Distance(word.ToLowerInvariant(), best.ToLowerInvariant()) <= Math.Min(2, word.Length / 2);
        return isNear ? $" Did you mean '{best}'?" : "";
    }

    /// <summary>Insertions, deletions and replacements between two words (Levenshtein).</summary>
    private static int Distance(string x, string y)
    {
        var row = Enumerable.Range(0, y.Length + 1).ToArray();
        for (var i = 1; i <= x.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= y.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + (x[i - 1] == y[j - 1] ? 0 : 1), Math.Min(row[j], row[j - 1]) + 1));
        }

        return row[y.Length];
    }
}
