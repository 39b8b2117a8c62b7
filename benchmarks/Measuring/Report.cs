using System.Globalization;
using System.Text;

namespace BrainState.Benchmarks.Measuring;

/// <summary>Prints tables with aligned columns as they are finished, and keeps them for a Markdown file.</summary>
internal sealed class Report
{
    private readonly StringBuilder markdown = new();

    /// <summary>A line of text.</summary>
    public void Line(string text)
    {
        Console.WriteLine(text);
        markdown.AppendLine(text).AppendLine();
    }

    /// <summary>A heading and a table, without its empty columns; the first column is text and aligned left, the others right.</summary>
    public void Table(string heading, string[] columns, IReadOnlyList<string[]> rows)
    {
        var filled = Enumerable.Range(0, columns.Length).Where(c => rows.Any(row => row[c].Length > 0)).ToArray();
        columns = Filled(columns);
        rows = [.. rows.Select(Filled)];
        string[][] all = [columns, .. rows];
        var widths = columns.Select((_, c) => all.Max(row => row[c].Length)).ToArray();
        Console.WriteLine($"\n{heading}");
        foreach (var row in all) Console.WriteLine($"  {string.Join("  ", Cells(row))}".TrimEnd());

        markdown.AppendLine(CultureInfo.InvariantCulture, $"### {heading}").AppendLine();
        markdown.AppendLine(Row(Cells(columns))).AppendLine(Row(widths.Select(static (w, c) => c == 0 ? new string('-', w) : new string('-', Math.Max(1, w - 1)) + ":")));
        foreach (var row in rows) markdown.AppendLine(Row(Cells(row)));
        markdown.AppendLine();

        string[] Filled(string[] row) => Array.ConvertAll(filled, c => row[c]);
        IEnumerable<string> Cells(string[] row) => row.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]));
        static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
    }

    /// <summary>The figures of a race, each compared with the baseline among them.</summary>
    /// <param name="heading">What was measured.</param>
    /// <param name="figures">The figures.</param>
    /// <param name="rate">What a figure means, such as GFLOP/s.</param>
    /// <param name="torchNote">What stands in the place of a comparison if nothing can be compared with.</param>
    public void Table(string heading, IReadOnlyList<Figure> figures, Func<Figure, string> rate, string torchNote)
    {
        var baseline = figures.FirstOrDefault(static f => f.Contender.IsBaseline);
        Table(heading, ["", "median", "minimum", "rate", "alloc/call", "× PyTorch eager", "repetitions"], [.. figures.Select(f => (string[])
        [
            f.Contender.Name, Time(f.Median), Time(f.Minimum), rate(f),
            f.AllocatedBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes:F0} B") : "",
            baseline is null ? torchNote : string.Create(CultureInfo.InvariantCulture, $"{f.SpeedOver(baseline):F2}×"),
            f.IsNoisy ? $"{f.Rounds} NOISY" : $"{f.Clean}",
        ])]);
    }

    /// <summary>A time in the unit that suits it.</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 1e-6 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e9:F0} ns"),
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:F2} µs"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:F2} ms"),
    };

    public void Save(string file) => File.WriteAllText(file, markdown.ToString());
}
