using System.Text;
using BrainState.Conformance;
using BrainState.Interpretation;
using BrainState.Programs;
using Xunit.Abstractions;

namespace BrainState.UnitTests.External;

/// <summary>
/// Every external case gives the expected results, or is on one of the committed lists: of those that no program can express, and of those that a backend refuses.
/// <c>UPDATE_EXTERNAL_CASES=1</c> writes the lists anew.
/// </summary>
public sealed class StableHloCaseTests(ITestOutputHelper output)
{
    [ExternalFact]
    public void TheInterpreterGivesTheExpectedResults() => Check("interpreter", static (program, inputs) => Interpreter.Run(program, inputs));

    [ExternalFact]
    public void TheCpuBackendGivesTheExpectedResults() => Check("cpu", static (program, inputs) =>
    {
        Tensor[] tensors = [.. inputs.Select(static input => Tensor.FromBytes(input.Bytes, input.Spec))];
        return [.. Function.From(program).Invoke(tensors).Select(Download)];
    });

    private static HostValue Download(Tensor tensor)
    {
        var bytes = new byte[tensor.Spec.ByteCount];
        tensor.CopyBytesTo(bytes);
        return HostValue.Of(tensor.Spec, bytes);
    }

    private void Check(string engine, Func<Program, HostValue[], HostValue[]> execute)
    {
        var cases = ExternalCases.Read(ExternalFactAttribute.CaseFile!).ToArray();
        var results = new ExternalResult[cases.Length];
        Parallel.For(0, cases.Length, i => results[i] = ExternalCaseRunner.Run(cases[i], execute));
        var outcomes = cases.Zip(results).ToArray();
        output.WriteLine(Table(outcomes));

        string[] Lines(ExternalOutcome outcome) => [.. outcomes.Where(o => o.Second.Outcome == outcome).Select(static o => $"{o.First.Id}: {o.Second.Reason}")];
        var failures = Lines(ExternalOutcome.Failed);
        Assert.True(failures.Length == 0, $"{failures.Length} of {cases.Length} cases failed:\n{string.Join('\n', failures)}");
        CheckList("not-expressible.txt", Lines(ExternalOutcome.NotExpressible));
        CheckList($"unsupported-by-{engine}.txt", Lines(ExternalOutcome.Unsupported));
    }

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
    private static string Table((ExternalCase Case, ExternalResult Result)[] outcomes)
    {
        var table = new StringBuilder().AppendLine($"{"op",-36} passed failed unsupported not expressible");
        foreach (var op in outcomes.SelectMany(static o => o.Case.Ops.Select(op => (op, o.Result.Outcome))).GroupBy(static o => o.op).OrderBy(static g => g.Key, StringComparer.Ordinal))
        {
            int Count(ExternalOutcome outcome) => op.Count(o => o.Outcome == outcome);
            table.AppendLine($"{op.Key,-36} {Count(ExternalOutcome.Passed),6} {Count(ExternalOutcome.Failed),6} {Count(ExternalOutcome.Unsupported),11} {Count(ExternalOutcome.NotExpressible),15}");
        }
        foreach (var reason in outcomes.Where(static o => o.Result.Outcome != ExternalOutcome.Passed).GroupBy(static o => (o.Result.Outcome, o.Result.Reason)).OrderByDescending(static g => g.Count()))
            table.AppendLine($"{reason.Count(),6} {reason.Key.Outcome}: {reason.Key.Reason}");
        return table.ToString();
    }
}
