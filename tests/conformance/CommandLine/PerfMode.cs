using System.Diagnostics;
using System.Globalization;
using System.IO.Enumeration;
using System.Text;
using System.Text.Json;
using BrainState.Execution;
using Spectre.Console;

namespace BrainState.Conformance;

/// <summary>Mode perf: how long a few programs take, on each backend in turn.</summary>
internal static class PerfMode
{
    public static int Run(RunOptions options)
    {
        var targets = ConformanceRunner.Start(options);
        try
        {
            Workload[] workloads;
            using (targets[0].Runtime.Enter()) workloads = [.. Workload.All.Where(w => options.Filters.Count == 0 || options.Filters.Any(f => FileSystemName.MatchesSimpleExpression($"*{f}*", w.Name)))];
            var table = new Table().Border(TableBorder.Simple).AddColumn("workload");
            foreach (var target in targets) table.AddColumn(new TableColumn(target.Name).RightAligned()).AddColumn(new TableColumn("").RightAligned());
            var rows = new List<(string Workload, Timing?[] Timings)>();
            foreach (var workload in workloads)
            {
                rows.Add((workload.Name, [.. targets.Select(target => TryTime(target, workload))]));
                table.AddRow([workload.Name, .. rows[^1].Timings.SelectMany(t => t is { } timing ? (string[])[Time(timing.Median), Rate(workload, timing)] : ["refused", ""])]);
            }
            Output.Console.Write(table);
            Output.Console.WriteLine("Medians of a run until its results are ready, arguments on the device.");
            foreach (var target in targets.Where(static t => IsDebugBuild(t)))
                Output.Console.WriteLine($"{target.Name} is a debug build: its times say nothing. Use dotnet run -c Release.");
            if (options.ReportDirectory is { } directory) Write(directory, targets, rows);
            return 0;
        }
        finally
        {
            foreach (var target in targets) target.Dispose();
        }
    }

    private static bool IsDebugBuild(ConformanceTarget target) =>
        target.Backend.GetType().Assembly.GetCustomAttributes(typeof(DebuggableAttribute), false).OfType<DebuggableAttribute>().Any(static a => a.IsJITOptimizerDisabled);

    private static Timing? TryTime(ConformanceTarget target, Workload workload)
    {
        try
        {
            return Timing.Of(target, workload);
        }
        catch (UnsupportedOperationException)
        {
            return null;
        }
    }

    private static string Time(double seconds) => seconds switch
    {
        < 1e-3 => (seconds * 1e6).ToString("F1", CultureInfo.InvariantCulture) + " µs",
        _ => (seconds * 1e3).ToString("F2", CultureInfo.InvariantCulture) + " ms",
    };

    private static string Rate(Workload workload, Timing timing) => workload.Operations > 0
        ? (workload.Operations / timing.Median / 1e9).ToString("F1", CultureInfo.InvariantCulture) + " GFLOP/s"
        : workload.Bytes < 1e5 ? "" : (workload.Bytes / timing.Median / 1e9).ToString("F1", CultureInfo.InvariantCulture) + " GB/s";

    private static void Write(DirectoryInfo directory, IReadOnlyList<ConformanceTarget> targets, List<(string Workload, Timing?[] Timings)> rows)
    {
        var markdown = new StringBuilder($"# Performance\n\n| workload | {string.Join(" | ", targets.Select(static t => t.Name))} |\n|---|{string.Concat(targets.Select(static _ => "---:|"))}\n");
        foreach (var (workload, timings) in rows) markdown.Append($"| {workload} | {string.Join(" | ", timings.Select(static t => t is { } timing ? Time(timing.Median) : "refused"))} |\n");
        var json = JsonSerializer.Serialize(rows.Select(row => new
        {
            workload = row.Workload,
            backends = row.Timings.Zip(targets, static (timing, target) => new { name = target.Name, medianSeconds = timing?.Median, leastSeconds = timing?.Least }),
        }));
        ReportFiles.Write(directory, "perf", html: null, markdown.ToString(), json);
    }
}
