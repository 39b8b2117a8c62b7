using System.Text;
using BrainState.Conformance;
using BrainState.Differentiation;
using BrainState.Interpretation;
using BrainState.Programs;
using Xunit.Abstractions;

namespace BrainState.UnitTests.External;

/// <summary>Every external case gives the expected results, or is on the committed list of those that no program can express.</summary>
public sealed class StableHloCaseTests(ITestOutputHelper output)
{
    [ExternalFact]
    public void TheInterpreterGivesTheExpectedResults() => Check(static (program, inputs) => Interpreter.Run(program, inputs));

    [ExternalFact]
    public void TheCpuBackendGivesTheExpectedResults() => Check(static (program, inputs) =>
    {
        Tensor[] tensors = [.. inputs.Select(static input => Tensor.FromBytes(input.Bytes, input.Spec))];
        return [.. ProgramFunction.Apply(program, tensors).Select(Download)];
    });

    private static HostValue Download(Tensor tensor)
    {
        var bytes = new byte[tensor.Spec.ByteCount];
        tensor.CopyBytesTo(bytes);
        return HostValue.Of(tensor.Spec, bytes);
    }

    private void Check(Func<Program, HostValue[], HostValue[]> execute)
    {
        var cases = ExternalCases.Read(ExternalFactAttribute.CaseFile!).ToArray();
        var results = new ExternalResult[cases.Length];
        Parallel.For(0, cases.Length, i => results[i] = ExternalCaseRunner.Run(cases[i], execute));
        var outcomes = cases.Zip(results).ToArray();
        output.WriteLine(Table(outcomes));

        var failures = outcomes.Where(static o => o.Second.Outcome == ExternalOutcome.Failed).Select(static o => $"{o.First.Id}: {o.Second.Reason}").ToArray();
        Assert.True(failures.Length == 0, $"{failures.Length} of {cases.Length} cases failed:\n{string.Join('\n', failures)}");
        Assert.Equal(Expected(), outcomes.Where(static o => o.Second.Outcome == ExternalOutcome.NotExpressible).Select(static o => $"{o.First.Id}: {o.Second.Reason}"));
    }

    private static string[] Expected() => File.ReadAllLines(Architecture.Repository.PathOf("tests/unit/External/not-expressible.txt"));

    /// <summary>How many cases of each op passed, failed and could not be expressed, then the reasons.</summary>
    private static string Table((ExternalCase Case, ExternalResult Result)[] outcomes)
    {
        var table = new StringBuilder().AppendLine($"{"op",-36} passed failed not expressible");
        foreach (var op in outcomes.SelectMany(static o => o.Case.Ops.Select(op => (op, o.Result.Outcome))).GroupBy(static o => o.op).OrderBy(static g => g.Key, StringComparer.Ordinal))
        {
            int Count(ExternalOutcome outcome) => op.Count(o => o.Outcome == outcome);
            table.AppendLine($"{op.Key,-36} {Count(ExternalOutcome.Passed),6} {Count(ExternalOutcome.Failed),6} {Count(ExternalOutcome.NotExpressible),15}");
        }
        foreach (var reason in outcomes.Where(static o => o.Result.Outcome != ExternalOutcome.Passed).GroupBy(static o => (o.Result.Outcome, o.Result.Reason)).OrderByDescending(static g => g.Count()))
            table.AppendLine($"{reason.Count(),6} {reason.Key.Outcome}: {reason.Key.Reason}");
        return table.ToString();
    }
}
