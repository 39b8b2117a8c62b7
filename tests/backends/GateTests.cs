using BrainState.Conformance.Xunit;
using BrainState.Hosting;

namespace BrainState.BackendTests;

/// <summary>Every backend that an application here would find is checked, where its engine is.</summary>
public sealed class GateTests
{
    [Fact]
    public void EveryBackendHasItsConformanceTests()
    {
        var found = new BrainStateOptions().Catalog.Report().Candidates.Where(static c => c.Status is BackendStatus.Usable or BackendStatus.Unavailable).Select(static c => c.Name);
        var tested = typeof(GateTests).Assembly.GetTypes().Where(static t => t.IsSubclassOf(typeof(BackendConformance)) && !t.IsAbstract)
            .Select(static t => t.Name[..^"Conformance".Length].ToLowerInvariant());
        Assert.Equal(found.Order(), tested.Order());
    }
}
