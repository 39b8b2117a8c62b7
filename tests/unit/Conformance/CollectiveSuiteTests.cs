using BrainState.Conformance;

namespace BrainState.UnitTests.Conformance;

/// <summary>The embedded backend offers one device unless told otherwise, so that a plain run leaves these cases out.</summary>
public sealed class CollectiveSuiteTests
{
    [Fact]
    public void SeveralDevicesOfTheEmbeddedBackendPass()
    {
        using var target = ConformanceTarget.Start("cpu", static b => b.Configure("cpu", "VirtualDevices", "3"));
        var results = new ConformanceRun(target).Run([.. ConformanceSuites.All.Single(static s => s.Name == "collectives").Generate(1)]);
        Assert.All(results, static r => Assert.True(r.Verdict == Verdict.Passed, r.Describe()));
        Assert.Equal([2, 3], results.Select(static r => r.Case.Devices).Distinct());
    }
}
