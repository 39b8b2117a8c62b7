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

    /// <summary>Only refusals: what it computes is right.</summary>
    protected override IReadOnlyList<Exclusion> Exclusions { get; } =
    [
        new Refused("ops/*/complex*/*", Complex),
        new Refused("ops/fft/*", "Fourier transforms, whose results are complex numbers"),
        new Refused("ops/complex/*", Complex),
        new Refused("ops/*/float*/*", "some operands or results beside those of the dtype are " + Complex),
        new Refused("ops/*/*int*/*", "some operands or results beside those of the dtype are " + Complex),
        new Refused("ops/*/bool/*", "some operands or results beside those of the dtype are " + Complex),
        new Refused("programs/*", "some have " + Complex),
        new Refused("transforms/*", "some have " + Complex),
        new Refused("gradients/*", "some have " + Complex),
        new Refused("collectives/*", "some have " + Complex),
    ];

    protected override void Configure(BrainStateBuilder builder) => builder.Configure("arrays", "VirtualDevices", "4");
}

public sealed class TorchConformance() : BackendConformance("torch")
{
    protected override bool MayBeAbsent => true;
}
