using System.Globalization;
using System.Text;

namespace BrainState.Conformance;

/// <summary>
/// A picture of accuracy: a row for each op whose results are rounded, the least accurate first, and in it for each dtype a dot at the largest deviation of its cases, in units in the
/// last place on a logarithmic scale. Half a unit is correct rounding.
/// </summary>
internal static class AccuracyChart
{
    private const int Left = 170, Width = 720, Row = 17, Top = 42;

    /// <summary>From a hundredth of a unit to a million units.</summary>
    private const int Least = -2;

    private static readonly string[] Decades = ["≤ 0.01", "0.1", "1", "10", "100", "1000", "10⁴", "10⁵", "≥ 10⁶"];

    private static readonly (DType DType, string Color)[] Series =
    [
        (DType.Float16, "#d9822b"), (DType.BFloat16, "#b0559f"), (DType.Float32, "#2f7ed8"), (DType.Float64, "#2e9e5b"), (DType.Complex64, "#7aa6d8"), (DType.Complex128, "#86c79f"),
    ];

    public static string Draw(IEnumerable<CaseResult> results)
    {
        var worst = results.Where(static r => r.Case is { Suite: "ops", Subject: not null, DType: not null } && r.Deviation.Ulps is not null)
            .GroupBy(static r => (Op: r.Case.Subject!, DType: r.Case.DType!.Value)).ToDictionary(static g => g.Key, static g => g.Max(static r => r.Deviation.Ulps!.Value));
        var ops = worst.Where(static w => w.Value > 0).GroupBy(static w => w.Key.Op, static w => w.Value).OrderByDescending(static g => g.Max()).ThenBy(static g => g.Key, StringComparer.Ordinal)
            .Select(static g => g.Key).ToArray();
        if (ops.Length == 0) return "";
        var height = Top + (ops.Length * Row) + 10;
        var svg = new StringBuilder("<h3>Accuracy</h3><p>The largest deviation from the interpreter by op and dtype, in units in the last place; sums are measured against the magnitude of their terms. ")
            .Append("½ is correct rounding. Where there is no dot, all results are exact.</p>").Append($"<svg viewBox=\"0 0 {Left + Width + 20} {height}\" role=\"img\" aria-label=\"Accuracy by op\">");
        foreach (var (decade, label) in Decades.Index()) svg.Append($"<line class=\"grid\" x1=\"{X(decade + Least)}\" x2=\"{X(decade + Least)}\" y1=\"{Top - 6}\" y2=\"{height}\"/>{Label(decade + Least, label)}");
        svg.Append($"<line x1=\"{X(Math.Log10(0.5))}\" x2=\"{X(Math.Log10(0.5))}\" y1=\"{Top - 6}\" y2=\"{height}\" stroke=\"#2e9e5b\" stroke-dasharray=\"3 3\"/>{Label(Math.Log10(0.5), "½")}");
        foreach (var (index, (dtype, color)) in Series.Index())
            svg.Append($"<circle cx=\"{Left + (index * 105)}\" cy=\"10\" r=\"4\" fill=\"{color}\"/><text x=\"{Left + (index * 105) + 8}\" y=\"14\">{dtype.Name}</text>");
        foreach (var (index, op) in ops.Index())
        {
            var y = Top + (index * Row) + 8;
            svg.Append($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{y}\" y2=\"{y}\" stroke-dasharray=\"1 4\"/><text x=\"{Left - 10}\" y=\"{y + 4}\" text-anchor=\"end\">{op}</text>");
            foreach (var (series, (dtype, color)) in Series.Index())
                if (worst.TryGetValue((op, dtype), out var ulps) && ulps > 0) // Dots beside each other, or equal ones would hide each other.
                    svg.Append($"<circle cx=\"{X(Math.Log10(ulps))}\" cy=\"{y - 5 + (2 * series)}\" r=\"3.5\" fill=\"{color}\" fill-opacity=\".85\"><title>{op} {dtype.Name}: {ulps.ToString("G3", CultureInfo.InvariantCulture)} ulp</title></circle>");
        }
        return svg.Append("</svg>").ToString();
    }

    private static string Label(double logarithm, string text) => $"<text x=\"{X(logarithm)}\" y=\"{Top - 10}\" text-anchor=\"middle\">{text}</text>";

    private static string X(double logarithm) => (Left + (Math.Clamp((logarithm - Least) / (Decades.Length - 1), 0, 1) * Width)).ToString("F1", CultureInfo.InvariantCulture);
}
