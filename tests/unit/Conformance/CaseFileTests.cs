using BrainState.Conformance;
using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.UnitTests.Conformance;

/// <summary>What a failure prints is what <c>--cases</c> runs again.</summary>
public sealed class CaseFileTests
{
    [Fact]
    public void EveryCaseReadsBackAsItself()
    {
        foreach (var item in ConformanceSuites.Cases().OfType<ProgramCase>().Where(static (_, i) => i % 37 == 0))
        {
            var read = Assert.Single(CaseFile.Parse(item.ToText()));
            Assert.Equal((item.Name, item.Devices), (read.Name, read.Devices));
            Assert.Equal(item.Program, read.Program);
            Assert.Equal(item.Check.ToString(), read.Check.ToString());
            Assert.Null(Exactness.Difference(item.Inputs, read.Inputs));
            Assert.Equal(item.ToText(), read.ToText());
        }
    }

    [Fact]
    public void KnownResultsReadBack()
    {
        var program = Program.Parse("program(%0:f32[2]) { %1:f32[2] = neg %0 return %1 }");
        var item = new ProgramCase("a/b", program, () => [HostValue.Of([2], 1f, -0f)], ProgramCheck.Expected([HostValue.Of([2], -1f, 0f)]));
        var read = CaseFile.Parse($"# a remark\n\n{item.ToText()}\n{item.ToText()}");
        Assert.Equal(2, read.Count);
        Assert.Equal(Deviation.None, read[1].Run(Backends.OnCpu));
        Assert.Throws<ConformanceException>(() => CaseFile.Parse(item.ToText().Replace("expected f32[2] AACAvwAAAAA=", "expected f32[2] AACAvwAAAIA="))[0].Run(Backends.OnCpu));
    }

    [Theory]
    [InlineData("program() { return }", "mine.case, line 1: a case begins with 'case' and its name")]
    [InlineData("case a/b\ncheck steps\nprogram() { return 1.0:f32[] }\ninput f32[2] AAAA", "mine.case, line 4: f32[2] has 8 bytes, not 3.")]
    [InlineData("case a/b\nprogram() { return }", "mine.case: Case 'a/b' has no check.")]
    [InlineData("case b\ncheck steps\nprogram() { return }", "mine.case: 'b' is not the name of a case: parts are separated by /.")]
    [InlineData("case a/b\ncheck nothing\nprogram() { return }", "mine.case: 'nothing' is not a check.")]
    public void AnotherFormIsRefusedWithItsPlace(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => CaseFile.Parse(text, "mine.case")).Message);
}
