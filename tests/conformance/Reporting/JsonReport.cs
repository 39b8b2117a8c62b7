using System.Text.Json;

namespace BrainState.Conformance;

/// <summary>A run for other programs to read.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static string Write(RunReport report) => JsonSerializer.Serialize(new
    {
        report.Mode,
        report.Seed,
        report.Passed,
        report.Failed,
        report.Excluded,
        Backends = report.Backends.Select(static backend => new
        {
            backend.Name,
            backend.Engine,
            backend.Devices,
            Seconds = Math.Round(backend.Duration.TotalSeconds, 3),
            WrongExclusions = backend.WrongExclusions.Select(static e => new { Exclusion = e.Exclusion.ToString(), e.Why }),
            Cases = backend.Results.Select(static result => new
            {
                result.Case.Name,
                Verdict = result.Verdict.ToString().ToLowerInvariant(),
                Problem = result.Problem.Length > 0 ? result.Problem : null,
                Exclusion = result.Exclusion?.ToString(),
                Ulps = result.Deviation.Ulps is { } ulps && double.IsFinite(ulps) ? Math.Round(ulps, 3) : (double?)null,
                Milliseconds = Math.Round(result.Duration.TotalMilliseconds, 3),
                Reproducer = result.Verdict == Verdict.Failed ? result.Case.ToText() : null,
            }),
        }),
    }, Options);
}
