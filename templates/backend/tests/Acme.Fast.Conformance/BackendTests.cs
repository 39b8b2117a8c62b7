using BrainState.Conformance;
using BrainState.Conformance.Xunit;

namespace Acme.Fast.Conformance;

/// <summary>The conformance suite: every case is a test.</summary>
public sealed class BackendTests() : BackendConformance("acme")
{
    /// <summary>What is not yet written, from exclusions.txt.</summary>
    public static IReadOnlyList<Exclusion> KnownGaps { get; } = Exclusion.Read(Path.Combine(AppContext.BaseDirectory, "exclusions.txt"));

    /// <inheritdoc/>
    protected override IReadOnlyList<Exclusion> Exclusions => KnownGaps;
}
