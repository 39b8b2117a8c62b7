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

public sealed class TorchConformance() : BackendConformance("torch")
{
    protected override bool MayBeAbsent => true;
}
