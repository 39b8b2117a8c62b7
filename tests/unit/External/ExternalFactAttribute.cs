using BrainState.Conformance;
using BrainState.UnitTests.Architecture;

namespace BrainState.UnitTests.External;

/// <summary>A test of the external cases; skipped, with the reason, where they are absent.</summary>
internal sealed class ExternalFactAttribute : FactAttribute
{
    public static string? CaseFile { get; } = ExternalCases.Find(Repository.Root);

    public ExternalFactAttribute()
    {
        if (CaseFile is null) Skip = $"There is no shared/data/stablehlo/cases.jsonl.gz in {Repository.Root} or in a folder around it.";
    }
}
