using System.Text;

namespace BrainState.Conformance;

/// <summary>The matrix of what is supported, as a page of documentation: no versions, durations or machine in it, so that it changes only when support does.</summary>
internal static class SupportMarkdown
{
    public static string Write(SupportMatrix matrix)
    {
        var text = new StringBuilder("# What each backend supports\n\n");
        text.Append("`●` the backend runs the op itself · `◐` itself in some forms, decomposed in others · `○` the frontend decomposes it into ops that the backend runs · `✗` refused · empty: not in the language\n");
        foreach (var backend in matrix.Backends)
        {
            text.Append($"\n## {backend}\n\n{Totals(matrix, backend)}\n\n| op | {string.Join(" | ", DType.All.Select(static d => d.ShortName))} |\n|---|{string.Concat(DType.All.Select(static _ => ":-:|"))}\n");
            foreach (var op in matrix.Ops) text.Append($"| `{op}` | {string.Join(" | ", DType.All.Select(dtype => Mark(matrix[backend, op, dtype]?.Level)))} |\n");
            var reasons = matrix.Ops.SelectMany(op => DType.All.Select(dtype => (op, Cell: matrix[backend, op, dtype]))).Where(static c => c.Cell is { Level: not SupportLevel.Native })
                .GroupBy(static c => (c.Cell!.Value.Level, c.Cell.Value.Reason)).OrderByDescending(static g => g.Key.Level).ThenBy(static g => g.Key.Reason, StringComparer.Ordinal).ToArray();
            if (reasons.Length > 0) text.Append("\nWhat is not native, and why:\n\n");
            foreach (var reason in reasons)
                text.Append($"- `{Mark(reason.Key.Level)}` {string.Join(", ", reason.Select(static c => $"`{c.op}`").Distinct())}: {reason.Key.Reason}\n");
        }
        return text.ToString();
    }

    /// <summary>How many cells have each level, in a sentence.</summary>
    public static string Totals(SupportMatrix matrix, string backend)
    {
        var levels = matrix.Ops.SelectMany(op => DType.All.Select(dtype => matrix[backend, op, dtype]?.Level)).OfType<SupportLevel>().ToLookup(static l => l);
        return $"{levels[SupportLevel.Native].Count()} combinations of op and dtype native, {levels[SupportLevel.Partly].Count()} partly, {levels[SupportLevel.Decomposed].Count()} decomposed, "
            + $"{levels[SupportLevel.Refused].Count()} refused.";
    }

    public static string Mark(SupportLevel? level) => level switch
    {
        null => "",
        SupportLevel.Native => "●",
        SupportLevel.Partly => "◐",
        SupportLevel.Decomposed => "○",
        _ => "✗",
    };
}
