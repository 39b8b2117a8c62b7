using System.Globalization;
using System.Net;
using System.Text;

namespace BrainState.Conformance;

/// <summary>A run as one page that needs nothing else: totals, failures with reproducers, a matrix of op × dtype, accuracy, exclusions, the slowest cases.</summary>
internal static class HtmlReport
{
    private const int MaximumFailures = 100;

    public static string Write(RunReport report)
    {
        var page = new StringBuilder();
        page.Append($"<header class=\"{(report.Failed == 0 ? "good" : "bad")}\"><h1>{Escape(Verdict(report))}</h1><p>{Escape(report.Summary)} · seed {report.Seed}</p></header>");
        foreach (var backend in report.Backends) Append(page, backend);
        return HtmlPage.Of($"Conformance of {string.Join(", ", report.Backends.Select(static b => b.Name))}", page.ToString());
    }

    private static string Verdict(RunReport report)
    {
        var names = string.Join(" and ", report.Backends.Select(static b => b.Name));
        return report.Failed == 0 ? $"{names} {(report.Backends.Count == 1 ? "conforms" : "conform")}" : $"{names}: {report.Failed} {(report.Failed == 1 ? "case fails" : "cases fail")}";
    }

    private static void Append(StringBuilder page, BackendReport backend)
    {
        page.Append($"<section><h2>{Escape(backend.Name)}</h2><p>{Escape(backend.Engine)} · {Escape(string.Join(" · ", backend.Devices))} · {backend.Duration.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} s</p>");
        AppendSuites(page, backend);
        AppendFailures(page, backend);
        AppendMatrix(page, backend);
        page.Append(AccuracyChart.Draw(backend.Results));
        AppendExclusions(page, backend);
        AppendSlowest(page, backend);
        page.Append("</section>");
    }

    private static void AppendSuites(StringBuilder page, BackendReport backend)
    {
        page.Append("<table><tr><th>suite</th><th></th><th>passed</th><th>failed</th><th>excluded</th><th>seconds</th></tr>");
        foreach (var suite in backend.Results.GroupBy(static r => r.Case.Suite))
        {
            var counts = Enum.GetValues<Verdict>().Select(v => suite.Count(r => r.Verdict == v)).ToArray();
            var bar = string.Concat(counts.Zip(Enum.GetValues<Verdict>(), (n, v) => n == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"<i class=\"{v}\" style=\"width:{200.0 * n / suite.Count():F1}px\"></i>")));
            page.Append($"<tr><td>{Escape(suite.Key)}</td><td class=\"bar\">{bar}</td>{string.Concat(counts.Select(static n => $"<td class=\"n\">{n}</td>"))}")
                .Append($"<td class=\"n\">{suite.Sum(static r => r.Duration.TotalSeconds).ToString("F1", CultureInfo.InvariantCulture)}</td></tr>");
        }
        page.Append("</table>");
    }

    /// <summary>Grouped by what they are about, since one mistake fails many cases; the first of each is shown whole.</summary>
    private static void AppendFailures(StringBuilder page, BackendReport backend)
    {
        var groups = backend.Results.Where(static r => r.Verdict == Conformance.Verdict.Failed).GroupBy(static r => (r.Case.Suite, r.Case.Subject)).ToArray();
        if (groups.Length > 0) page.Append("<h3>Failures</h3>");
        foreach (var group in groups.Take(MaximumFailures))
        {
            var first = group.First();
            page.Append($"<details{(groups.Length <= 3 ? " open" : "")}><summary><b>{Escape(group.Key.Suite)}{(group.Key.Subject is { } subject ? " / " + Escape(subject) : "")}</b>: {group.Count()} of ")
                .Append($"{backend.Results.Count(r => r.Case.Suite == group.Key.Suite && r.Case.Subject == group.Key.Subject)} · {Escape(Shortened(first.Problem, 160))}</summary><pre>{Escape(first.Describe())}</pre>")
                .Append($"<p class=\"names\">{string.Join(" ", group.Skip(1).Take(40).Select(static r => Escape(r.Case.Name)))}</p></details>");
        }
        if (groups.Length > MaximumFailures) page.Append($"<p>and {groups.Length - MaximumFailures} more groups.</p>");
        foreach (var (exclusion, why) in backend.WrongExclusions) page.Append($"<p class=\"wrong\"><code>{Escape(exclusion.ToString())}</code>: {Escape(why)}</p>");
    }

    private static void AppendMatrix(StringBuilder page, BackendReport backend)
    {
        var cells = backend.Results.Where(static r => r.Case is { Subject: not null, DType: not null }).ToLookup(static r => (r.Case.Subject!, r.Case.DType!.Value));
        var subjects = cells.Select(static c => c.Key.Item1).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (subjects.Length == 0) return;
        page.Append("<h3>Ops and dtypes</h3><p>Cases in each cell; green: all pass, amber: some are excluded, red: some fail.</p><div class=\"columns\"><table class=\"matrix\">");
        page.Append(Heading(subjects.Length));
        foreach (var subject in subjects)
        {
            page.Append($"<tr><th>{Escape(subject)}</th>");
            foreach (var dtype in DType.All)
            {
                var results = cells[(subject, dtype)].ToArray();
                if (results.Length == 0)
                {
                    page.Append("<td></td>");
                    continue;
                }
                var worst = results.Any(static r => r.Verdict == Conformance.Verdict.Failed) ? Conformance.Verdict.Failed : results.Any(static r => r.Verdict == Conformance.Verdict.Excluded) ? Conformance.Verdict.Excluded : Conformance.Verdict.Passed;
                var problem = results.FirstOrDefault(r => r.Verdict == worst)?.Problem ?? "";
                page.Append($"<td class=\"{worst}\" title=\"{Escape($"{subject} {dtype.Name}: {results.Count(r => r.Verdict == worst)} of {results.Length} {worst.ToString().ToLowerInvariant()}. {Shortened(problem, 200)}")}\">{results.Length}</td>");
            }
            page.Append("</tr>");
        }
        page.Append("</table></div>");
    }

    private static string Heading(int rows) => rows == 0 ? "" : $"<tr><th></th>{string.Concat(DType.All.Select(static d => $"<th>{d.ShortName}</th>"))}</tr>";

    private static void AppendExclusions(StringBuilder page, BackendReport backend)
    {
        var groups = backend.Results.Where(static r => r.Verdict == Conformance.Verdict.Excluded)
            .GroupBy(static r => r.Exclusion is { } e ? (e.Kind, e.Pattern, e.Reason) : ("not applicable", $"{r.Case.Suite}/*", r.Problem)).ToArray();
        if (groups.Length == 0) return;
        page.Append("<h3>Excluded</h3><table><tr><th>kind</th><th>cases</th><th></th><th>why</th></tr>");
        foreach (var group in groups) page.Append($"<tr><td>{group.Key.Item1}</td><td><code>{Escape(group.Key.Item2)}</code></td><td class=\"n\">{group.Count()}</td><td>{Escape(group.Key.Item3)}</td></tr>");
        page.Append("</table>");
    }

    private static void AppendSlowest(StringBuilder page, BackendReport backend)
    {
        page.Append("<h3>Slowest cases</h3><p>Compilation and the interpreter included.</p><table><tr><th>case</th><th>milliseconds</th></tr>");
        foreach (var result in backend.Results.OrderByDescending(static r => r.Duration).Take(12))
            page.Append($"<tr><td>{Escape(result.Case.Name)}</td><td class=\"n\">{result.Duration.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture)}</td></tr>");
        page.Append("</table>");
    }

    internal static string Shortened(string text, int length)
    {
        var line = text.AsSpan().IndexOf('\n') is >= 0 and var end ? text[..end] : text;
        return line.Length <= length ? line : line[..length] + "…";
    }

    internal static string Escape(string text) => WebUtility.HtmlEncode(text);
}
