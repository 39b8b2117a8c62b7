using System.Text;

namespace BrainState.Conformance;

/// <summary>What came of each op with each dtype, as cells with a field for each backend.</summary>
internal static class MatrixHtml
{
    public static void Append(StringBuilder page, IReadOnlyList<BackendReport> backends)
    {
        var cells = backends.Select(static backend => backend.Results.Where(static r => r.Case is { Subject: not null, DType: not null }).ToLookup(static r => (r.Case.Subject!, r.Case.DType!.Value))).ToArray();
        var subjects = cells.SelectMany(static c => c).Select(static c => c.Key.Item1).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (subjects.Length == 0) return;
        page.Append("<h2>Ops and dtypes</h2><p><i class=\"key Passed\"></i> all cases pass <i class=\"key Excluded\"></i> some are excluded <i class=\"key Failed\"></i> some fail · ")
            .Append(backends.Count == 1 ? "the number of cases in each cell" : $"in each cell from left to right: {string.Join(", ", backends.Select(static b => HtmlReport.Escape(b.Name)))}")
            .Append($"</p><div class=\"columns\" style=\"--fields:{backends.Count}\">");
        foreach (var column in subjects.Chunk((subjects.Length + 1) / 2))
        {
            page.Append($"<table class=\"matrix\"><tr><th></th>{string.Concat(DType.All.Select(static d => $"<th>{d.ShortName}</th>"))}</tr>");
            foreach (var subject in column)
            {
                page.Append($"<tr><th>{HtmlReport.Escape(subject)}</th>");
                foreach (var dtype in DType.All)
                {
                    page.Append("<td>");
                    foreach (var (backend, cell) in backends.Zip(cells)) page.Append(Field(backends.Count == 1 ? "" : backend.Name + ": ", subject, dtype, [.. cell[(subject, dtype)]]));
                    page.Append("</td>");
                }
                page.Append("</tr>");
            }
            page.Append("</table>");
        }
        page.Append("</div>");
    }

    private static string Field(string backend, string subject, DType dtype, CaseResult[] results)
    {
        if (results.Length == 0) return "";
        var worst = ((Verdict[])[Verdict.Failed, Verdict.Excluded, Verdict.Passed]).First(verdict => results.Any(r => r.Verdict == verdict));
        var alike = results.Where(r => r.Verdict == worst).ToArray();
        var title = $"{backend}{subject} {dtype.Name}: {alike.Length} of {results.Length} {worst.ToString().ToLowerInvariant()}. {HtmlReport.Shortened(alike[0].Problem, 200)}";
        return $"<i class=\"{worst}\" title=\"{HtmlReport.Escape(title)}\">{(backend.Length == 0 ? results.Length : "")}</i>";
    }
}
