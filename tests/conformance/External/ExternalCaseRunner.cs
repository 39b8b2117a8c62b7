using BrainState.Execution;
using BrainState.Interpretation;
using BrainState.Programs;
using BrainState.StableHlo;

namespace BrainState.Conformance;

/// <summary>What came of a case.</summary>
public enum ExternalOutcome
{
    /// <summary>All results are as expected.</summary>
    Passed,
    /// <summary>A result is not, or something threw.</summary>
    Failed,
    /// <summary>No program can say what the module says.</summary>
    NotExpressible,
    /// <summary>The backend refuses an op, and there is no decomposition.</summary>
    Unsupported,
}

/// <summary>What came of a case, and unless it passed, why.</summary>
public readonly record struct ExternalResult(ExternalOutcome Outcome, string Reason);

/// <summary>Imports modules and runs them on whatever runs programs.</summary>
public static class ExternalCaseRunner
{
    /// <summary>Imports the module of a case, runs it with <paramref name="execute"/> and compares.</summary>
    /// <param name="external">The case.</param>
    /// <param name="execute">Runs a program on inputs.</param>
    public static ExternalResult Run(ExternalCase external, Func<Program, HostValue[], HostValue[]> execute)
    {
        try
        {
            var (program, constants) = StableHloImporter.Import(external.Module);
            ProgramVerifier.Verify(program);
            var results = execute(program, [.. constants.Select(static c => HostValue.Of(c.Spec, c.Bytes.AsSpan()))]);
            return Compare(external.Expected, results) is { } difference ? new(ExternalOutcome.Failed, difference) : new(ExternalOutcome.Passed, "");
        }
        catch (NotExpressibleException refusal)
        {
            return new(ExternalOutcome.NotExpressible, refusal.Reason);
        }
        catch (UnsupportedOperationException refusal)
        {
            return new(ExternalOutcome.Unsupported, $"the op {refusal.Op.Name}");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return new(ExternalOutcome.Failed, $"{failure.GetType().Name}: {failure.Message}");
        }
    }

    /// <summary>Null if the results are as expected; otherwise what is wrong.</summary>
    internal static string? Compare(IReadOnlyList<ExternalExpectation> expected, HostValue[] actual)
    {
        if (actual.Length != expected.Count) return $"{actual.Length} results instead of {expected.Count}";
        for (var i = 0; i < actual.Length; i++)
        {
            var spec = SpecOf(expected[i]);
            if (actual[i].Spec != spec) return $"result {i} is {actual[i].Spec} instead of {spec}";
            var value = HostValue.Of(spec, expected[i].Bytes);
            for (var k = 0; k < value.Count; k++)
                if (!expected[i].Check.Accepts(actual[i][k], value[k]))
                    return $"element {k} of result {i} is {actual[i][k]} instead of {value[k]}";
        }
        return null;
    }

    /// <summary>The spec of a result; MLIR has other names for dtypes.</summary>
    internal static TensorSpec SpecOf(ExternalExpectation expected) => new(DTypeOf(expected.DType), expected.Shape);

    private static DType DTypeOf(string name) => name switch
    {
        "i1" => DType.Bool,
        "complex<f32>" => DType.Complex64,
        "complex<f64>" => DType.Complex128,
        ['u', 'i', .. var width] => DType.Parse($"u{width}"),
        _ => DType.Parse(name),
    };
}
