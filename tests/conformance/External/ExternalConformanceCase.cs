using BrainState.Interpretation;
using BrainState.Programs;
using BrainState.StableHlo;

namespace BrainState.Conformance;

/// <summary>A StableHLO module that the backend runs as a program. Where no program can say what the module says, the case is excluded.</summary>
public sealed class ExternalConformanceCase(ExternalCase external) : ConformanceCase("external/" + external.Id)
{
    /// <summary>The module and its results.</summary>
    public ExternalCase External { get; } = external;

    /// <summary>The cases of a file.</summary>
    /// <exception cref="FormatException">A line is not a case.</exception>
    public static IEnumerable<ExternalConformanceCase> Read(string file) =>
        ExternalCases.Read(file).Select(static item => new ExternalConformanceCase(item) { Subject = item.Ops is [var only] ? only : null });

    /// <inheritdoc/>
    public override Deviation Run(ConformanceTarget target)
    {
        var (program, inputs) = Import();
        ProgramVerifier.Verify(program);
        Compare(External.Expected, target.Execute(program, inputs));
        return Deviation.None;
    }

    /// <summary>The imported program with the expected results, where it can be expressed.</summary>
    public override string? ToText()
    {
        try
        {
            var (program, inputs) = Import();
            var tolerance = External.Expected.Max(static e => e.Check.IsExact ? 0 : ExternalCheck.Allowance(SpecOf(e).DType));
            var expected = External.Expected.Select(static e => HostValue.Of(SpecOf(e), e.Bytes)).ToArray();
            return new ProgramCase(Name, program, () => inputs, ProgramCheck.Expected(expected, tolerance)).ToText();
        }
        catch (NotApplicableException)
        {
            return null;
        }
    }

    private (Program Program, HostValue[] Inputs) Import()
    {
        try
        {
            var (program, constants) = StableHloImporter.Import(External.Module);
            return (program, [.. constants.Select(static c => HostValue.Of(c.Spec, c.Bytes.AsSpan()))]);
        }
        catch (NotExpressibleException refusal)
        {
            throw new NotApplicableException(refusal.Reason);
        }
    }

    /// <summary>Throws unless the results are as expected.</summary>
    private static void Compare(IReadOnlyList<ExternalExpectation> expected, HostValue[] actual)
    {
        if (actual.Length != expected.Count) throw new ConformanceException($"{actual.Length} results instead of {expected.Count}");
        for (var i = 0; i < actual.Length; i++)
        {
            var spec = SpecOf(expected[i]);
            if (actual[i].Spec != spec) throw new ConformanceException($"result {i} is {actual[i].Spec} instead of {spec}");
            var value = HostValue.Of(spec, expected[i].Bytes);
            for (var k = 0; k < value.Count; k++)
                if (!expected[i].Check.Accepts(actual[i][k], value[k]))
                    throw new ConformanceException($"element {k} of result {i} is {actual[i][k]} instead of {value[k]}");
        }
    }

    /// <summary>The spec of a result; MLIR has other names for dtypes.</summary>
    private static TensorSpec SpecOf(ExternalExpectation expected) => new(DTypeOf(expected.DType), expected.Shape);

    private static DType DTypeOf(string name) => name switch
    {
        "i1" => BrainState.DType.Bool,
        "complex<f32>" => BrainState.DType.Complex64,
        "complex<f64>" => BrainState.DType.Complex128,
        ['u', 'i', .. var width] => BrainState.DType.Parse($"u{width}"),
        _ => BrainState.DType.Parse(name),
    };
}
