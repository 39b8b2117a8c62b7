using System.Text;

namespace BrainState.Conformance;

/// <summary>The matrix of what is supported as a page: a row for each op, a column for each dtype and in it a cell for each backend.</summary>
internal static class SupportHtml
{
    public static string Write(SupportMatrix matrix)
    {
        var page = new StringBuilder($"<header class=\"good\"><h1>What {string.Join(" and ", matrix.Backends)} support</h1><p>op × dtype × backend</p></header>");
        page.Append("<p>● itself · ◐ itself in some forms · ○ decomposed by the frontend · ✗ refused · empty: not in the language</p><ul>")
            .AppendJoin("", matrix.Backends.Select(backend => $"<li>{HtmlReport.Escape(backend)}: {SupportMarkdown.Totals(matrix, backend)}</li>")).Append("</ul><table class=\"matrix\"><tr><th></th>");
        foreach (var dtype in DType.All) page.Append($"<th colspan=\"{matrix.Backends.Count}\">{dtype.ShortName}</th>");
        page.Append("</tr>");
        foreach (var op in matrix.Ops)
        {
            page.Append($"<tr><th>{op}</th>");
            foreach (var dtype in DType.All)
                foreach (var backend in matrix.Backends)
                    page.Append(matrix[backend, op, dtype] is var (level, reason)
                        ? $"<td class=\"{level}\" title=\"{HtmlReport.Escape($"{backend}: {op} {dtype.Name} {level.ToString().ToLowerInvariant()} {reason}")}\">{SupportMarkdown.Mark(level)}</td>"
                        : "<td></td>");
            page.Append("</tr>");
        }
        return HtmlPage.Of("What backends support", page.Append("</table>").ToString());
    }
}
