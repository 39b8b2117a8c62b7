using System.Text.Json;
using Spectre.Console;

namespace BrainState.Conformance;

/// <summary>Mode support: op × dtype × backend, without running anything.</summary>
internal static class SupportMode
{
    public static int Run(RunOptions options)
    {
        var targets = ConformanceRunner.Start(options);
        try
        {
            var matrix = SupportMatrix.Of(targets, options.Seed);
            var markdown = SupportMarkdown.Write(matrix);
            if (options.MarkdownFile is { } file) ReportFiles.Replace(file.FullName, markdown);
            if (options.ReportDirectory is { } directory) ReportFiles.Write(directory, "support", SupportHtml.Write(matrix), markdown, Json(matrix));
            foreach (var backend in matrix.Backends)
            {
                var table = new Table().Border(TableBorder.Simple).AddColumn(backend);
                foreach (var dtype in DType.All) table.AddColumn(new TableColumn(dtype.ShortName).Centered());
                foreach (var op in matrix.Ops) table.AddRow([op, .. DType.All.Select(dtype => SupportMarkdown.Mark(matrix[backend, op, dtype]?.Level))]);
                Output.Console.Write(table);
                Console.WriteLine($"{backend}: {SupportMarkdown.Totals(matrix, backend)}");
            }
            return 0;
        }
        finally
        {
            foreach (var target in targets) target.Dispose();
        }
    }

    private static string Json(SupportMatrix matrix) => JsonSerializer.Serialize(
        from op in matrix.Ops
        from dtype in DType.All
        from backend in matrix.Backends
        let cell = matrix[backend, op, dtype]
        where cell is not null
        select new { op, dtype = dtype.Name, backend, level = cell.Value.Level.ToString().ToLowerInvariant(), reason = cell.Value.Reason });
}
