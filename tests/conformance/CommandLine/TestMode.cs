using System.IO.Enumeration;
using Spectre.Console;

namespace BrainState.Conformance;

/// <summary>Modes test and grad: run cases, show progress, totals and failures, write reports.</summary>
internal static class TestMode
{
    private const int ShownFailures = 10, ShownCharacters = 4000;

    public static int Run(string mode, RunOptions options, IReadOnlyList<Exclusion> exclusions)
    {
        exclusions = [.. exclusions, .. options.ExclusionFiles.SelectMany(static file => Exclusion.Read(file.FullName))];
        var all = options.CaseFiles.Count > 0 ? [.. options.CaseFiles.SelectMany(Read)] : ConformanceSuites.Cases(options.Seed);
        if (options.CaseFiles.Count > 0) exclusions = [.. exclusions.Except(ConformanceRun.Unused(exclusions, all))];
        ConformanceCase[] selected = [.. all.Where(item => (mode != "grad" || item.Suite == "gradients" || options.CaseFiles.Count > 0) && IsSelected(item, options))];
        if (selected.Length == 0) throw new FormatException($"No case is called {string.Join(" or ", options.Filters)}. See them all with --list.");
        if (options.IsListing)
        {
            foreach (var item in selected) Console.WriteLine(item.Name);
            return 0;
        }

        var targets = ConformanceRunner.Start(options);
        try
        {
            var backends = new List<BackendReport>();
            foreach (var target in targets)
            {
                backends.Add(ConsoleProgress.Show(target.Name, selected.Length, observer => BackendReport.Of(target, all, selected, exclusions, observer)));
                Print(backends[^1], options.ReportDirectory);
            }
            var report = new RunReport(mode, options.Seed, backends) { Cases = all.Count };
            if (options.ReportDirectory is { } directory)
                ReportFiles.Write(directory, mode, HtmlReport.Write(report), MarkdownReport.Write(report), JsonReport.Write(report));
            Console.WriteLine(report.Summary);
            return report.Failed == 0 ? 0 : 1;
        }
        finally
        {
            foreach (var target in targets) target.Dispose();
        }
    }

    private static IEnumerable<ConformanceCase> Read(FileInfo file)
    {
        if (!file.Exists) throw new FileNotFoundException($"There is no file {file.FullName}.");
        return file.Name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || file.Name.EndsWith(".jsonl.gz", StringComparison.OrdinalIgnoreCase)
            ? ExternalConformanceCase.Read(file.FullName)
            : CaseFile.Read(file.FullName);
    }

    private static bool IsSelected(ConformanceCase item, RunOptions options) =>
        (!options.IsQuick || item.IsQuick)
        && (options.Filters.Count == 0 || options.Filters.Any(filter => FileSystemName.MatchesSimpleExpression(filter.Contains('*') ? filter : $"*{filter}*", item.Name)));

    private static void Print(BackendReport backend, DirectoryInfo? folder)
    {
        Output.Console.MarkupLineInterpolated($"[bold]{backend.Name}[/] · {backend.Engine} · {string.Join(" · ", backend.Devices)}");
        var table = new Table().Border(TableBorder.Simple).AddColumn("suite");
        foreach (var column in (string[])["passed", "failed", "excluded", "seconds"]) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var suite in backend.Results.GroupBy(static r => r.Case.Suite))
        {
            int Count(Verdict verdict) => suite.Count(r => r.Verdict == verdict);
            var failed = Count(Verdict.Failed);
            table.AddRow(suite.Key, $"{Count(Verdict.Passed)}", failed == 0 ? "0" : $"[red]{failed}[/]", $"{Count(Verdict.Excluded)}",
                suite.Sum(static r => r.Duration.TotalSeconds).ToString("F1", System.Globalization.CultureInfo.InvariantCulture));
        }
        Output.Console.Write(table);

        // One mistake fails many cases: one of each subject is shown whole.
        var failures = backend.Results.Where(static r => r.Verdict == Verdict.Failed).GroupBy(static r => (r.Case.Suite, r.Case.Subject)).ToArray();
        foreach (var group in failures.Take(ShownFailures))
        {
            Console.WriteLine(Describe(group, folder));
            Console.WriteLine(group.Count() == 1 ? "" : $"and {group.Count() - 1} more of {group.Key.Suite}{(group.Key.Subject is { } subject ? $" about {subject}" : "")}\n");
        }
        if (failures.Length > ShownFailures) Console.WriteLine($"… and failures about {string.Join(", ", failures.Skip(ShownFailures).Select(static g => g.Key.Subject ?? g.Key.Suite).Distinct())}; --report DIR shows them all.\n");
        foreach (var (exclusion, why) in backend.WrongExclusions) Console.WriteLine($"Wrong exclusion '{exclusion}': {why}");
    }

    /// <summary>The shortest of the first failures. A long case goes into a file.</summary>
    private static string Describe(IEnumerable<CaseResult> failures, DirectoryInfo? folder)
    {
        var (result, text) = failures.Take(20).Select(static r => (Result: r, Text: r.Case.ToText())).MinBy(static r => r.Text?.Length ?? 0);
        if (text is null || text.Length <= ShownCharacters) return result.Describe().TrimEnd();
        var file = Path.Combine((folder ?? Directory.CreateTempSubdirectory("brainstate-")).FullName, result.Case.Name.Replace('/', '.') + ".case");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return $"{result.Case.Name}: {result.Problem}\n--cases {file} runs it again.";
    }
}
