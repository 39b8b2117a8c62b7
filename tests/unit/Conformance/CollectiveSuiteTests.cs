using BrainState.Conformance;

namespace BrainState.UnitTests.Conformance;

/// <summary>The embedded backend offers one device unless told otherwise, so that a plain run takes only the cases in lanes.</summary>
public sealed class CollectiveSuiteTests
{
    [Fact]
    public void SeveralDevicesOfTheEmbeddedBackendPass()
    {
        using var target = ConformanceTarget.Start("cpu", static b => b.Configure("cpu", "VirtualDevices", "3"));
        var results = new ConformanceRun(target).Run([.. ConformanceSuites.All.Single(static s => s.Name == "collectives").Generate(1)]);
        Assert.All(results, static r => Assert.True(r.Verdict == Verdict.Passed, r.Describe()));
        Assert.Equal([1, 2, 3], results.Select(static r => r.Case.Devices).Distinct().Order());
    }
}
