using BrainState.Conformance;
using BrainState.Conformance.Xunit;
using BrainState.Hosting;

namespace Acme.Fast.Conformance;

/// <summary>The conformance suite: every case is a test.</summary>
public sealed class BackendTests() : BackendConformance("acme")
{
    /// <summary>What is not yet written, from exclusions.txt.</summary>
    public static IReadOnlyList<Exclusion> KnownGaps { get; } = Exclusion.Read(Path.Combine(AppContext.BaseDirectory, "exclusions.txt"));

    /// <inheritdoc/>
    protected override IReadOnlyList<Exclusion> Exclusions => KnownGaps;

    /// <summary>Several devices, for the cases of programs that run on several.</summary>
    protected override void Configure(BrainStateBuilder builder) => builder.Configure("acme", "VirtualDevices", "4");
}
