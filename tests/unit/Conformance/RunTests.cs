using BrainState.Conformance;
using BrainState.Execution;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Conformance;

/// <summary>Verdicts, exclusions, and what a failure says.</summary>
public sealed class RunTests
{
    private static readonly Program Sum = Program.Parse("program(%0:i32[2], %1:i32[2]) { %2:i32[2] = add %0 %1 return %2 }");

    private static ProgramCase Case(string name, params int[] expected) =>
        new(name, Sum, () => [HostValue.Of([2], int.MaxValue, 2), HostValue.Of([2], 1, 3)], ProgramCheck.Expected([HostValue.Of([2], expected)]));

    private static ProgramCase Right(string name) => Case(name, int.MinValue, 5);

    private static ProgramCase Wrong(string name) => Case(name, int.MinValue, 6);

    [Fact]
    public void AWrongResultIsReportedWithItsReproducer()
    {
        var result = new ConformanceRun(Backends.OnCpu).Run(Wrong("s/wrong"));
        Assert.Equal(Verdict.Failed, result.Verdict);
        Assert.Equal("s/wrong: element 1 of result 0 is 5 instead of 6\n" + Wrong("s/wrong").ToText(), result.Describe());
        Assert.Equal(Verdict.Failed, new ConformanceRun(Backends.OnCpu).Run(Assert.Single(CaseFile.Parse(result.Case.ToText()!))).Verdict);
    }

    [Fact]
    public void WrongSpecsAndExceptionsAreReported()
    {
        var spec = new ProgramCase("s/spec", Sum, () => Right("s/a").Inputs, ProgramCheck.Expected([HostValue.Of([2], 1L, 2L)]));
        Assert.Equal("result 0 is i32[2] instead of i64[2]", new ConformanceRun(Backends.OnCpu).Run(spec).Problem);
        var behavior = new BehaviorCase("s/throws", static _ => throw new InvalidOperationException("out of order"));
        Assert.Equal("InvalidOperationException: out of order", new ConformanceRun(Backends.OnCpu).Run(behavior).Problem);
    }

    [Fact]
    public void ExclusionsAreTypedReasonedAndNeverStale()
    {
        Exclusion[] exclusions = [new ExpectedFailure("s/wrong/*", "adds badly"), new Unsupported("s/never/*", "no engine does"), new Unsupported("s/unheard", "of nothing")];
        var run = new ConformanceRun(Backends.OnCpu, exclusions);
        ConformanceCase[] cases = [Wrong("s/wrong/1"), Right("s/wrong/2"), Right("s/never/1"), Right("s/other"), Wrong("s/bad")];
        var results = run.Run(cases);
        Assert.Equal([Verdict.Excluded, Verdict.Passed, Verdict.Passed, Verdict.Passed, Verdict.Failed], results.Select(static r => r.Verdict));
        Assert.Equal("adds badly", results[0].Exclusion!.Reason);
        Assert.Equal([exclusions[1]], run.Stale(results));
        Assert.Equal([exclusions[2]], ConformanceRun.Unused(exclusions, cases));
    }

    [Fact]
    public void WhatIsRefusedMayNotBeWrong()
    {
        var run = new ConformanceRun(Backends.OnCpu, [new Refused("s/*", "some have an op that is not there")]);
        var refusal = new BehaviorCase("s/refused", static _ => throw new UnsupportedOperationException(new Add(), [], "cpu", "there is none"));
        Assert.Equal([Verdict.Failed, Verdict.Excluded, Verdict.Passed], run.Run([Wrong("s/wrong"), refusal, Right("s/right")]).Select(static r => r.Verdict));
    }

    [Fact]
    public void CasesForMoreDevicesThanThereAreAreExcludedWithTheWay()
    {
        var result = new ConformanceRun(Backends.OnCpu).Run(new BehaviorCase("s/many", static _ => { }) { Devices = 99 });
        Assert.Equal(Verdict.Excluded, result.Verdict);
        Assert.StartsWith("needs 99 devices, but there are 1: ", result.Problem);
    }

    [Fact]
    public void ExclusionsReadFromAFile()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "# of this engine\nunsupported ops/*/complex* : no complex numbers\n\nexpected-failure ops/erf/* : rounds twice : a bug\nrefused programs/* : no sort\n");
            Assert.Equal([new Unsupported("ops/*/complex*", "no complex numbers"), new ExpectedFailure("ops/erf/*", "rounds twice : a bug"), new Refused("programs/*", "no sort")], Exclusion.Read(file));
            Assert.True(Exclusion.Read(file)[0].Covers("ops/add/complex64/small/1"));
            Assert.False(Exclusion.Read(file)[0].Covers("programs/complex/1"));
            File.WriteAllText(file, "unsupported ops/*");
            Assert.Contains("line 1: an exclusion has a reason", Assert.Throws<FormatException>(() => Exclusion.Read(file)).Message);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
