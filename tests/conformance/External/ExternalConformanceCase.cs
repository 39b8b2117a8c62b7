using BrainState.Interpretation;
using BrainState.Programs;
using BrainState.StableHlo;

namespace BrainState.Conformance;

/// <summary>A StableHLO module that the backend runs as a program.</summary>
internal sealed class ExternalConformanceCase(ExternalCase external) : ConformanceCase("external/" + external.Id)
{
    /// <summary>The cases of a file.</summary>
    /// <exception cref="FormatException">A line is not a case.</exception>
    public static IEnumerable<ConformanceCase> Read(string file) =>
        ExternalCases.Read(file).Select(static item => new ExternalConformanceCase(item) { Subject = item.Ops is [var only] ? only : null });

    /// <inheritdoc/>
    public override Deviation Run(ConformanceTarget target)
    {
        Program program;
        HostValue[] inputs;
        try
        {
            (program, inputs) = Import();
        }
        catch (NotExpressibleException refusal)
        {
            throw new NotApplicableException($"no program can say it: {refusal.Reason}");
        }
        if (ExternalCaseRunner.Compare(external.Expected, target.Execute(program, inputs)) is { } difference) throw new ConformanceException(difference);
        return Deviation.None;
    }

    /// <summary>The imported program with the expected results, where it can be expressed.</summary>
    public override string? ToText()
    {
        try
        {
            var (program, inputs) = Import();
            var tolerance = external.Expected.Max(static e => e.Check.IsExact ? 0 : ExternalCheck.Allowance(ExternalCaseRunner.SpecOf(e).DType));
            var expected = external.Expected.Select(static e => HostValue.Of(ExternalCaseRunner.SpecOf(e), e.Bytes)).ToArray();
            return new ProgramCase(Name, program, () => inputs, ProgramCheck.Expected(expected, tolerance)).ToText();
        }
        catch (NotExpressibleException)
        {
            return null;
        }
    }

    private (Program Program, HostValue[] Inputs) Import()
    {
        var (program, constants) = StableHloImporter.Import(external.Module);
        return (program, [.. constants.Select(static c => HostValue.Of(c.Spec, c.Bytes.AsSpan()))]);
    }
}
