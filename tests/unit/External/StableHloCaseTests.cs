using System.Text;
using BrainState.Conformance;
using Xunit.Abstractions;

namespace BrainState.UnitTests.External;

/// <summary>
/// Every external case gives the expected results, or is on one of the committed lists: of those that no program can express, and of those that a backend refuses.
/// <c>UPDATE_EXTERNAL_CASES=1</c> writes the lists anew.
/// </summary>
public sealed class StableHloCaseTests(ITestOutputHelper output)
{
    [ExternalFact]
    public void TheInterpreterGivesTheExpectedResults() => Check(Backends.OnReference);

    [ExternalFact]
    public void TheCpuBackendGivesTheExpectedResults() => Check(Backends.OnCpu);

    private void Check(ConformanceTarget target)
    {
        var results = new ConformanceRun(target).Run([.. ExternalConformanceCase.Read(ExternalFactAttribute.CaseFile!)]);
        output.WriteLine(Table(results));

        string[] Lines(Func<CaseResult, bool> those) => [.. results.Where(those).Select(static r => $"{ExternalOf(r).Id}: {r.Problem}")];
        var failures = Lines(static r => r is { Verdict: Verdict.Failed, IsRefusal: false });
        Assert.True(failures.Length == 0, $"{failures.Length} of {results.Count} cases failed:\n{string.Join('\n', failures)}");
        CheckList("not-expressible.txt", Lines(static r => r.Verdict == Verdict.Excluded));
        CheckList($"unsupported-by-{target.Name}.txt", Lines(static r => r.IsRefusal));
    }

    private static ExternalCase ExternalOf(CaseResult result) => ((ExternalConformanceCase)result.Case).External;

    /// <summary>The committed list is exactly what was found; an absent list is empty.</summary>
    private static void CheckList(string name, string[] actual)
    {
        var path = Architecture.Repository.PathOf($"tests/unit/External/{name}");
        string[] expected = File.Exists(path) ? File.ReadAllLines(path) : [];
        if (actual.AsSpan().SequenceEqual(expected)) return;
        if (Environment.GetEnvironmentVariable("UPDATE_EXTERNAL_CASES") == "1")
        {
            if (actual.Length == 0) File.Delete(path);
            else File.WriteAllText(path, string.Join('\n', actual) + "\n");
            return;
        }
        Assert.Fail($"{path} is not what was found.\nMissing in it:\n{string.Join('\n', actual.Except(expected))}\nToo much in it:\n{string.Join('\n', expected.Except(actual))}");
    }

    /// <summary>How many cases of each op had which outcome, then the reasons.</summary>
    private static string Table(IReadOnlyList<CaseResult> results)
    {
        var table = new StringBuilder().AppendLine($"{"op",-36} passed failed not expressible");
        foreach (var op in results.SelectMany(static r => ExternalOf(r).Ops.Select(op => (op, r.Verdict))).GroupBy(static o => o.op).OrderBy(static g => g.Key, StringComparer.Ordinal))
        {
            int Count(Verdict verdict) => op.Count(o => o.Verdict == verdict);
            table.AppendLine($"{op.Key,-36} {Count(Verdict.Passed),6} {Count(Verdict.Failed),6} {Count(Verdict.Excluded),15}");
        }
        foreach (var reason in results.Where(static r => r.Verdict != Verdict.Passed).GroupBy(static r => (r.Verdict, r.Problem)).OrderByDescending(static g => g.Count()))
            table.AppendLine($"{reason.Count(),6} {reason.Key.Verdict}: {reason.Key.Problem}");
        return table.ToString();
    }
}
