using System.Text;

namespace BrainState.Conformance;

/// <summary>A run for a pull request or a note: totals, failures, exclusions.</summary>
internal static class MarkdownReport
{
    private const int MaximumFailures = 50;

    public static string Write(RunReport report)
    {
        var text = new StringBuilder($"# Conformance\n\n{report.Summary} (seed {report.Seed})\n");
        foreach (var backend in report.Backends)
        {
            text.Append($"\n## {backend.Name}\n\n{backend.Engine}; {string.Join("; ", backend.Devices)}\n\n| suite | passed | failed | excluded | seconds |\n|---|---:|---:|---:|---:|\n");
            foreach (var suite in backend.Results.GroupBy(static r => r.Case.Suite))
            {
                int Count(Verdict verdict) => suite.Count(r => r.Verdict == verdict);
                text.Append($"| {suite.Key} | {Count(Verdict.Passed)} | {Count(Verdict.Failed)} | {Count(Verdict.Excluded)} | {suite.Sum(static r => r.Duration.TotalSeconds):F1} |\n");
            }
            var failures = backend.Results.Where(static r => r.Verdict == Verdict.Failed).ToArray();
            if (failures.Length > 0) text.Append("\n### Failures\n");
            foreach (var failure in failures.Take(MaximumFailures)) text.Append($"\n```\n{failure.Describe().TrimEnd()}\n```\n");
            if (failures.Length > MaximumFailures) text.Append($"\nand {failures.Length - MaximumFailures} more.\n");
            if (backend.WrongExclusions.Count > 0) text.Append("\n### Wrong exclusions\n\n").AppendJoin("", backend.WrongExclusions.Select(static e => $"- `{e.Exclusion}`: {e.Why}\n"));
            var excluded = backend.Results.Where(static r => r.Verdict == Verdict.Excluded).GroupBy(static r => r.Exclusion is { } e ? $"{e.Kind} `{e.Pattern}`: {e.Reason}" : r.Problem).ToArray();
            if (excluded.Length > 0) text.Append("\n### Excluded\n\n").AppendJoin("", excluded.Select(static g => $"- {g.Count()} × {g.Key}\n"));
        }
        return text.ToString();
    }
}
