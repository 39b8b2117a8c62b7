using System.IO.Enumeration;

namespace BrainState.Conformance;

/// <summary>Cases that a backend does not pass, and why. Nothing is left out without one.</summary>
/// <param name="Pattern">Names of cases, where * stands for anything: <c>ops/*/float16/*</c>.</param>
/// <param name="Reason">Why, for tables and reports.</param>
public abstract record Exclusion(string Pattern, string Reason)
{
    /// <summary>Whether a case is meant.</summary>
    public bool Covers(string name) => FileSystemName.MatchesSimpleExpression(Pattern, name, ignoreCase: false);

    /// <summary>The word for it in files of exclusions.</summary>
    public abstract string Kind { get; }

    /// <summary>The line that says it in a file of exclusions.</summary>
    public sealed override string ToString() => $"{Kind} {Pattern} : {Reason}";

    /// <summary>Whether it excuses a case that did not pass: wrong results as well as the refusal of an op, unless it says otherwise.</summary>
    /// <param name="isRefusal">Whether the backend refused an op.</param>
    public virtual bool Excuses(bool isRefusal) => true;

    /// <summary>
    /// The exclusions of a file: a line each, <c>refused PATTERN : REASON</c>, <c>unsupported PATTERN : REASON</c> or <c>expected-failure PATTERN : REASON</c>; empty lines and those that begin
    /// with # mean nothing.
    /// </summary>
    /// <exception cref="FormatException">A line has another form; the message names file and line.</exception>
    public static IReadOnlyList<Exclusion> Read(string path) => [.. File.ReadLines(path).Index()
        .Where(static line => line.Item.Trim() is { Length: > 0 } text && text[0] != '#').Select(line => Parse(line.Item, $"{path}, line {line.Index + 1}"))];

    private static Exclusion Parse(string line, string place)
    {
        var (head, reason) = line.IndexOf(" : ", StringComparison.Ordinal) is > 0 and var colon ? (line[..colon], line[(colon + 3)..].Trim()) : (line, "");
        if (reason.Length == 0) throw new FormatException($"{place}: an exclusion has a reason, after ' : '.");
        return head.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["refused", var pattern] => new Refused(pattern, reason),
            ["unsupported", var pattern] => new Unsupported(pattern, reason),
            ["expected-failure", var pattern] => new ExpectedFailure(pattern, reason),
            _ => throw new FormatException($"{place}: 'refused PATTERN : REASON', 'unsupported PATTERN : REASON' or 'expected-failure PATTERN : REASON' is expected."),
        };
    }
}

/// <summary>Ops that the backend refuses, wherever they come up: also in some of many random programs. Wrong results are not excused.</summary>
public sealed record Refused(string Pattern, string Reason) : Exclusion(Pattern, Reason)
{
    /// <inheritdoc/>
    public override string Kind => "refused";

    /// <inheritdoc/>
    public override bool Excuses(bool isRefusal) => isRefusal;
}

/// <summary>What the backend's engine cannot do, for good.</summary>
public sealed record Unsupported(string Pattern, string Reason) : Exclusion(Pattern, Reason)
{
    /// <inheritdoc/>
    public override string Kind => "unsupported";
}

/// <summary>What the backend does wrong for now.</summary>
public sealed record ExpectedFailure(string Pattern, string Reason) : Exclusion(Pattern, Reason)
{
    /// <inheritdoc/>
    public override string Kind => "expected-failure";
}
