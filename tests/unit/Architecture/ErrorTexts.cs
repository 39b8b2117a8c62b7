using System.Text.RegularExpressions;

namespace BrainState.UnitTests.Architecture;

/// <summary>The messages that a source file throws: their fixed parts, between the values.</summary>
internal static partial class ErrorTexts
{
    /// <summary>A place where something is thrown, and the fixed parts of its message.</summary>
    public sealed record Site(string File, int Line, IReadOnlyList<string> Parts);

    /// <summary>Parts shorter than this, such as a comma, say nothing.</summary>
    private const int ShortestPart = 8;

    public static IEnumerable<Site> In(string file)
    {
        var source = File.ReadAllText(file);
        foreach (Match start in Throw().Matches(source))
        {
            var parts = new List<string>();
            var depth = 1;
            for (var i = start.Index + start.Length; depth > 0;)
            {
                if (IsLiteral(source, i)) i = Read(source, i, parts);
                else depth += Nesting(source[i++], '(', ')');
            }
            parts.RemoveAll(static part => part.Trim().Length < ShortestPart);
            if (parts.Count > 0) yield return new(file, source.AsSpan(0, start.Index).Count('\n') + 1, parts);
        }
    }

    /// <summary>C# with every literal that goes on in another one joined to it.</summary>
    public static string Joined(string source) => Continuation().Replace(source, "");

    private static bool IsLiteral(string source, int i) => source[i] == '"' || (source[i] == '$' && source[i + 1] == '"');

    private static int Nesting(char c, char open, char close) => c == open ? 1 : c == close ? -1 : 0;

    /// <summary>Reads a string that begins at a position, and returns where it ends.</summary>
    private static int Read(string source, int i, List<string> parts)
    {
        var isInterpolated = source[i] == '$';
        var first = i += isInterpolated ? 2 : 1;
        while (source[i] != '"')
        {
            if (source[i] == '\\' || (isInterpolated && source[i] is '{' or '}' && source[i + 1] == source[i])) i += 2;
            else if (isInterpolated && source[i] == '{')
            {
                parts.Add(source[first..i]);
                i = first = Skip(source, i + 1);
            }
            else i++;
        }
        parts.Add(source[first..i]);
        return i + 1;
    }

    /// <summary>The end of a hole, in which there may be strings with holes.</summary>
    private static int Skip(string source, int i)
    {
        for (var depth = 1; depth > 0;)
        {
            if (IsLiteral(source, i)) i = Read(source, i, []);
            else depth += Nesting(source[i++], '{', '}');
        }
        return i;
    }

    [GeneratedRegex(@"throw new \w+Exception\(|Exception \w+\([^)]*\) =>\s*new\(")]
    private static partial Regex Throw();

    [GeneratedRegex("\"\\s*\\+\\s*\\$?\"")]
    private static partial Regex Continuation();
}
