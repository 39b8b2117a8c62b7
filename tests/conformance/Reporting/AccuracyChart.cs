using System.Globalization;
using System.Text;

namespace BrainState.Conformance;

/// <summary>
/// A picture of accuracy: a row for each op whose results are rounded, and in it for each dtype a dot at the largest deviation of its cases, in units in the last place on a
/// logarithmic scale. Half a unit is correct rounding.
/// </summary>
internal static class AccuracyChart
{
    private const int Left = 170, Width = 720, Row = 15, Top = 40;

    /// <summary>From a hundredth of a unit to a million units.</summary>
    private const double Least = -2, Decades = 8;

    private static readonly (DType DType, string Color)[] Series =
    [
        (DType.Float16, "#d9822b"), (DType.BFloat16, "#b0559f"), (DType.Float32, "#2f7ed8"), (DType.Float64, "#2e9e5b"), (DType.Complex64, "#7aa6d8"), (DType.Complex128, "#86c79f"),
    ];

    public static string Draw(IEnumerable<CaseResult> results)
    {
        var worst = results.Where(static r => r.Case is { Suite: "ops", Subject: not null, DType: not null } && r.Deviation.Ulps is not null)
            .GroupBy(static r => (Op: r.Case.Subject!, DType: r.Case.DType!.Value)).ToDictionary(static g => g.Key, static g => g.Max(static r => r.Deviation.Ulps!.Value));
        var ops = worst.GroupBy(static w => w.Key.Op).Where(static g => g.Any(static w => w.Value > 0)).Select(static g => g.Key).Order(StringComparer.Ordinal).ToArray();
        if (ops.Length == 0) return "";
        var height = Top + (ops.Length * Row) + 10;
        var svg = new StringBuilder("<h3>Accuracy</h3><p>The largest deviation from the interpreter by op and dtype, in units in the last place; sums are measured against the magnitude of their terms. ")
            .Append("Ops whose results are all exact are left out.</p>").Append($"<svg viewBox=\"0 0 {Left + Width + 20} {height}\" role=\"img\" aria-label=\"Accuracy by op\">");
        for (var decade = 0; decade <= Decades; decade++)
            svg.Append($"<line class=\"grid\" x1=\"{X(decade + Least)}\" x2=\"{X(decade + Least)}\" y1=\"{Top - 6}\" y2=\"{height}\"/><text x=\"{X(decade + Least)}\" y=\"{Top - 10}\" text-anchor=\"middle\">{Math.Pow(10, decade + Least).ToString("G2", CultureInfo.InvariantCulture)}</text>");
        svg.Append($"<line x1=\"{X(Math.Log10(0.5))}\" x2=\"{X(Math.Log10(0.5))}\" y1=\"{Top - 6}\" y2=\"{height}\" stroke=\"#2e9e5b\" stroke-dasharray=\"3 3\"/>");
        foreach (var (index, (dtype, color)) in Series.Index())
            svg.Append($"<circle cx=\"{Left + (index * 105)}\" cy=\"10\" r=\"4\" fill=\"{color}\"/><text x=\"{Left + (index * 105) + 8}\" y=\"14\">{dtype.Name}</text>");
        foreach (var (index, op) in ops.Index())
        {
            var y = Top + (index * Row) + 8;
            svg.Append($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{y}\" y2=\"{y}\" stroke-dasharray=\"1 4\"/><text x=\"{Left - 10}\" y=\"{y + 4}\" text-anchor=\"end\">{op}</text>");
            foreach (var (dtype, color) in Series)
                if (worst.TryGetValue((op, dtype), out var ulps))
                    svg.Append($"<circle cx=\"{X(Math.Log10(Math.Max(ulps, 1e-9)))}\" cy=\"{y}\" r=\"4\" fill=\"{color}\" fill-opacity=\".8\"><title>{op} {dtype.Name}: {ulps.ToString("G3", CultureInfo.InvariantCulture)} ulp</title></circle>");
        }
        return svg.Append("</svg>").ToString();
    }

    private static string X(double logarithm) => (Left + (Math.Clamp((logarithm - Least) / Decades, 0, 1) * Width)).ToString("F1", CultureInfo.InvariantCulture);
}
