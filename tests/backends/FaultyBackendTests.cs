using System.Reflection;
using BrainState.Conformance;

namespace BrainState.BackendTests;

/// <summary>A backend that is right but for one fault: the suite finds it, names the op, and other backends go on working in the same process.</summary>
public sealed class FaultyBackendTests
{
    private static readonly string Plugins = typeof(FaultyBackendTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "TestPluginsDirectory").Value!;

    public static TheoryData<string, string, string> Faults => new()
    {
        { "WrongResult", "tanh", "element " },
        { "WrongDType", "floor", "floor" },
        { "Exception", "sort", "the kernel crashed" },
        { "LateFailure", "cumsum", "The device reported error 719 while it computed." },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void AFaultIsFoundAndNamed(string fault, string op, string words)
    {
        ConformanceCase[] cases = [.. ConformanceSuites.Cases().Where(static item => item is { IsQuick: true, Suite: "ops" })];
        using var faulty = ConformanceTarget.Start("faulty", b => b.AddPluginPath(Path.Combine(Plugins, "Faulty")).Configure("faulty", fault, op));
        var failures = new ConformanceRun(faulty).Run(cases).Where(static r => r.Verdict != Verdict.Passed).ToArray();
        Assert.NotEmpty(failures);
        Assert.All(failures, failure => Assert.Equal(op, failure.Case.Subject));
        Assert.Contains(failures, failure => failure.Problem.Contains(words, StringComparison.Ordinal));
        Assert.All(failures, failure => Assert.Single(CaseFile.Parse(failure.Case.ToText()!)));

        using var cpu = ConformanceTarget.Start("cpu");
        Assert.DoesNotContain(new ConformanceRun(cpu).Run([.. failures.Select(static f => f.Case)]), static r => r.Verdict == Verdict.Failed);
    }

    [Fact]
    public void WithoutAFaultEverythingPasses()
    {
        using var target = ConformanceTarget.Start("faulty", b => b.AddPluginPath(Path.Combine(Plugins, "Faulty")));
        ConformanceCase[] cases = [.. ConformanceSuites.Cases().Where(static item => item is { IsQuick: true, Suite: "ops" })];
        Assert.Empty(new ConformanceRun(target).Run(cases).Where(static r => r.Verdict != Verdict.Passed).Select(static r => r.Describe()));
    }
}
