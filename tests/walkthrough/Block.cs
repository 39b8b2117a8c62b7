using System.Text.RegularExpressions;

namespace BrainState.Walkthrough;

/// <summary>A fenced block of a document: <c>sh</c> holds commands, <c>diff</c> edits, <c>text</c> what the commands before it print.</summary>
internal sealed partial record Block(string Language, string[] Lines)
{
    public static IEnumerable<Block> Of(string document) =>
        Fence().Matches(document.ReplaceLineEndings("\n")).Select(static m => new Block(m.Groups[1].Value, m.Groups[2].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>The words of each command; a # begins a comment.</summary>
    public IEnumerable<string[]> Commands => Lines.Select(static line => Word().Matches(line.Split(" #")[0]).Select(static m => m.Value.Trim('"')).ToArray());

    /// <summary>Makes the edits: in each file, the context with the lines that go becomes the context with those that come.</summary>
    public void Apply(string folder)
    {
        foreach (var part in string.Join('\n', Lines).Split("+++ ", StringSplitOptions.RemoveEmptyEntries).Select(static part => part.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
        {
            string Side(char mark) => string.Concat(part.Skip(1).Where(line => line[0] == ' ' || line[0] == mark).Select(static line => line[1..] + "\n"));
            var file = Path.Combine(folder, part[0]);
            var text = File.ReadAllText(file);
            Assert.Contains(Side('-'), text, StringComparison.Ordinal);
            File.WriteAllText(file, text.Replace(Side('-'), Side('+'), StringComparison.Ordinal));
        }
    }

    [GeneratedRegex("^```(\\w+)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
