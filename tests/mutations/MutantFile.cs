namespace BrainState.Mutations;

/// <summary>
/// Mutants as text. Each begins with a line <c>NAME | KIND | FILE | CASES</c>; then the lines of the original follow, each after <c>"- "</c>, and those of the replacement, each after
/// <c>"+ "</c>. Lines that begin with # are comments.
/// </summary>
internal static class MutantFile
{
    /// <summary>The mutants of all files of a folder, in the order of the files' names.</summary>
    public static IReadOnlyList<Mutant> ReadAll(string folder) => [.. Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal).SelectMany(Read)];

    private static IEnumerable<Mutant> Read(string path) => Parse(File.ReadAllLines(path), Path.GetFileName(path));

    /// <summary>The mutants that the lines of a file say.</summary>
    /// <exception cref="FormatException">A line is none of those; the message names file and line.</exception>
    public static IEnumerable<Mutant> Parse(string[] lines, string file)
    {
        for (var i = 0; i < lines.Length;)
        {
            if (lines[i].Length == 0 || lines[i][0] == '#')
            {
                i++;
                continue;
            }
            var place = $"{file}, line {i + 1}";
            if (lines[i++].Split('|', StringSplitOptions.TrimEntries) is not [var name, var kind, var source, var cases])
                throw new FormatException($"{place}: 'NAME | KIND | FILE | CASES' is expected.");
            var (original, replacement) = (Block('-'), Block('+'));
            if (original.Length == 0 || original == replacement) throw new FormatException($"{place}: {name} changes nothing.");
            if (cases.Length == 0) throw new FormatException($"{place}: {name} names no cases.");
            yield return new(name, kind, source, original, replacement, cases.Split(' ', StringSplitOptions.RemoveEmptyEntries));

            string Block(char mark)
            {
                var first = i;
                while (i < lines.Length && lines[i].StartsWith(mark)) i++;
                return string.Join('\n', lines[first..i].Select(line => line.Length > 1 ? line[2..] : ""));
            }
        }
    }
}
