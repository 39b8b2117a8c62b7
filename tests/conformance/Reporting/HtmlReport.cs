using System.Globalization;
using System.Net;
using System.Text;

namespace BrainState.Conformance;

/// <summary>A run as one page that needs nothing else: totals, failures with reproducers, exclusions, accuracy, the slowest cases, a matrix of op × dtype × backend.</summary>
internal static class HtmlReport
{
    private const int MaximumFailures = 100;

    public static string Write(RunReport report)
    {
        var page = new StringBuilder();
        page.Append($"<header class=\"{(report.Failed == 0 ? "good" : "bad")}\"><h1>{Escape(Verdict(report))}</h1><p>{Extent(report)}: {Number(report.Passed)} passed, {Number(report.Failed)} failed, {Number(report.Excluded)} excluded · seed {report.Seed}</p></header>");
        foreach (var backend in report.Backends) Append(page, backend);
        MatrixHtml.Append(page, report.Backends);
        return HtmlPage.Of($"Conformance of {string.Join(", ", report.Backends.Select(static b => b.Name))}", page.ToString());
    }

    private static string Verdict(RunReport report)
    {
        var names = string.Join(" and ", report.Backends.Select(static b => b.Name));
        var (cases, exclusions) = (report.Backends.Sum(static b => b.Count(Conformance.Verdict.Failed)), report.Backends.Sum(static b => b.WrongExclusions.Count));
        string[] problems = [.. Counted(cases, "case fails", "cases fail"), .. Counted(exclusions, "exclusion is wrong", "exclusions are wrong")];
        return problems.Length > 0 ? $"{names}: {string.Join(", ", problems)}" : $"{names} {(report.Backends.Count == 1 ? "conforms" : "conform")}";
    }

    private static string[] Counted(int count, string one, string many) => count == 0 ? [] : [$"{Number(count)} {(count == 1 ? one : many)}"];

    private static string Extent(RunReport report)
    {
        var taken = report.Backends[0].Results.Count;
        return (taken == report.Cases ? $"all {Number(taken)} cases" : $"{Number(taken)} of {Number(report.Cases)} cases") + (report.Backends.Count > 1 ? " on each backend" : "");
    }

    private static void Append(StringBuilder page, BackendReport backend)
    {
        page.Append($"<section><h2>{Escape(backend.Name)}</h2><p>{Escape(backend.Engine)} · {Escape(string.Join(" · ", backend.Devices))} · {Number(backend.Duration.TotalSeconds, 1)} s</p>");
        AppendSuites(page, backend);
        AppendFailures(page, backend);
        AppendExclusions(page, backend);
        page.Append(AccuracyChart.Draw(backend.Results));
        AppendSlowest(page, backend);
        page.Append("</section>");
    }

    private static void AppendSuites(StringBuilder page, BackendReport backend)
    {
        var descriptions = ConformanceSuites.All.ToDictionary(static s => s.Name, static s => s.Description);
        page.Append("<table><tr><th>suite</th><th></th><th>passed</th><th>failed</th><th>excluded</th><th>seconds</th><th></th></tr>");
        foreach (var suite in backend.Results.GroupBy(static r => r.Case.Suite))
        {
            page.Append($"<tr><td>{Escape(suite.Key)}</td><td class=\"bar\">");
            foreach (var verdict in suite.CountBy(static r => r.Verdict).OrderBy(static v => v.Key)) page.Append(Bar(verdict.Key.ToString(), 120.0 * verdict.Value / suite.Count()));
            page.Append("</td>");
            foreach (var verdict in Enum.GetValues<Verdict>()) page.Append($"<td class=\"n{(suite.Any(r => r.Verdict == verdict) ? "" : " none")}\">{Number(suite.Count(r => r.Verdict == verdict))}</td>");
            page.Append($"<td class=\"n\">{Number(suite.Sum(static r => r.Duration.TotalSeconds), 1)}</td><td class=\"about\">{Escape(descriptions.GetValueOrDefault(suite.Key, ""))}</td></tr>");
        }
        page.Append("</table>");
    }

    /// <summary>Grouped by what they are about, since one mistake fails many cases; the first of each is shown whole.</summary>
    private static void AppendFailures(StringBuilder page, BackendReport backend)
    {
        var groups = backend.Results.Where(static r => r.Verdict == Conformance.Verdict.Failed).GroupBy(static r => (r.Case.Suite, r.Case.Subject)).ToArray();
        if (groups.Length + backend.WrongExclusions.Count > 0) page.Append("<h3>Failures</h3>");
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

    private static void AppendExclusions(StringBuilder page, BackendReport backend)
    {
        var groups = backend.Results.Where(static r => r.Verdict == Conformance.Verdict.Excluded)
            .GroupBy(static r => r.Exclusion is { } e ? (e.Kind, e.Pattern, e.Reason) : ("not applicable", $"{r.Case.Suite}/*", r.Problem)).ToArray();
        if (groups.Length == 0) return;
        page.Append("<h3>Excluded</h3><table><tr><th>kind</th><th>cases</th><th></th><th>why</th></tr>");
        foreach (var group in groups)
            page.Append($"<tr><td class=\"kind\">{group.Key.Item1}</td><td class=\"kind\"><code>{Escape(group.Key.Item2)}</code></td><td class=\"n\">{Number(group.Count())}</td><td>{Escape(group.Key.Item3)}</td></tr>");
        page.Append("</table>");
    }

    private static void AppendSlowest(StringBuilder page, BackendReport backend)
    {
        var slowest = backend.Results.OrderByDescending(static r => r.Duration).Take(12).ToArray();
        page.Append("<h3>Slowest cases</h3><p>Milliseconds, compilation and the interpreter included.</p><table>");
        foreach (var result in slowest)
            page.Append($"<tr><td><code>{Escape(result.Case.Name)}</code></td><td class=\"n\">{Number(result.Duration.TotalMilliseconds)}</td>")
                .Append($"<td class=\"bar\">{Bar("Time", 400 * (result.Duration / slowest[0].Duration))}</td></tr>");
        page.Append("</table>");
    }

    private static string Bar(string kind, double pixels) => $"<i class=\"{kind}\" style=\"width:{pixels.ToString("F1", CultureInfo.InvariantCulture)}px\"></i>";

    private static string Number(double value, int digits = 0) => value.ToString($"N{digits}", CultureInfo.InvariantCulture);

    internal static string Shortened(string text, int length)
    {
        var line = text.AsSpan().IndexOf('\n') is >= 0 and var end ? text[..end] : text;
        return line.Length <= length ? line : line[..length] + "…";
    }

    internal static string Escape(string text) => WebUtility.HtmlEncode(text);
}
