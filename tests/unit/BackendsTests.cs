namespace BrainState.UnitTests;

public sealed class BackendsTests
{
    [Fact]
    public void TheCpuPluginIsFoundAndStartedOnce()
    {
        Assert.Equal("cpu", Backends.Cpu.Info.Name);
        Assert.NotEmpty(Backends.Cpu.Devices);
        Assert.Same(Backends.Cpu, Backends.Cpu);
    }
}
