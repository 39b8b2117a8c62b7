using BrainState.Conformance;
using BrainState.Conformance.Xunit;
using BrainState.Hosting;

namespace BrainState.BackendTests;

public sealed class CpuConformance() : BackendConformance("cpu")
{
    protected override void Configure(BrainStateBuilder builder) => builder.Configure("cpu", "VirtualDevices", "4");
}

public sealed class ReferenceConformance() : BackendConformance("reference")
{
    protected override void Configure(BrainStateBuilder builder) => builder.Configure("reference", "VirtualDevices", "4");
}

public sealed class ArraysConformance() : BackendConformance("arrays")
{
    private const string Complex = "complex numbers, which no backend must have";

    /// <summary>Nothing but refusals, which excuse no wrong result.</summary>
    protected override IReadOnlyList<Exclusion> Exclusions { get; } =
    [
        new Refused("ops/*/complex*/*", Complex),
        new Refused("ops/*/float32/*", "some take or give complex numbers beside"),
        new Refused("ops/*/float64/*", "some take or give complex numbers beside"),
        new Refused("ops/convert_element_type/*", "some convert to complex numbers"),
        .. ((string[])["programs", "transforms", "gradients", "collectives"]).Select(static suite => new Refused($"{suite}/*", "some have complex numbers")),
    ];

    protected override void Configure(BrainStateBuilder builder) => builder.Configure("arrays", "VirtualDevices", "4");
}

public sealed class TorchConformance() : BackendConformance("torch")
{
    protected override bool MayBeAbsent => true;
}
