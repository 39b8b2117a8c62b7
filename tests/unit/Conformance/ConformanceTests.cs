using BrainState.Conformance;
using BrainState.Interpretation;

namespace BrainState.UnitTests.Conformance;

public sealed class ConformanceTests
{
    public static TheoryData<string> Names => [.. Cases.All.Select(static c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheCpuBackendConforms(string name) => Assert.Null(CaseRunner.Run(Cases.All.Single(c => c.Name == name), Backends.Cpu));

    [Fact]
    public void AWrongResultIsReportedWithTheProgram()
    {
        var right = Cases.All.First(static c => c.Name == "add/int32/wraps");
        var wrong = right with { Expected = [HostValue.Of([2], int.MinValue, 6)] };
        Assert.Equal("add/int32/wraps: element 1 of output 0 is 5, but should be 6\n" + right.Program.ToFullText(), CaseRunner.Run(wrong, Backends.Cpu));
    }

    [Fact]
    public void AWrongSpecAndAFailureAreReported()
    {
        var right = Cases.All.First(static c => c.Name == "add/int32/wraps");
        Assert.StartsWith("add/int32/wraps: output 0 is i32[2], but i64[2] was declared", CaseRunner.Run(right with { Expected = [HostValue.Of([2], 1L, 2L)] }, Backends.Cpu));
        Assert.StartsWith("add/int32/wraps: ", CaseRunner.Run(right with { Inputs = [] }, Backends.Cpu));
    }

    [Fact]
    public void TolerancesAcceptWhatTheySay()
    {
        Assert.False(Tolerance.Exact.Accepts(Scalar.Of(-0f), Scalar.Of(0f)));
        Assert.True(Tolerance.Exact.Accepts(Scalar.Of(float.NaN), Scalar.Of(float.NaN)));
        Assert.False(Tolerance.Float32.Accepts(Scalar.Of(float.NaN), Scalar.Of(1f)));
        Assert.False(Tolerance.Float32.Accepts(Scalar.Of(1f), Scalar.Of(float.NaN)));
        Assert.True(Tolerance.Float32.Accepts(Scalar.Of(1.0000005f), Scalar.Of(1f)));
        Assert.False(Tolerance.Float32.Accepts(Scalar.Of(1.00001f), Scalar.Of(1f)));
        Assert.False(Tolerance.Float32.Accepts(Scalar.Of(float.PositiveInfinity), Scalar.Of(1f)));
        Assert.True(Tolerance.Float32.Accepts(Scalar.Of(float.PositiveInfinity), Scalar.Of(float.PositiveInfinity)));
        Assert.False(Tolerance.Float32.Accepts(Scalar.Of(float.NegativeInfinity), Scalar.Of(float.PositiveInfinity)));
        Assert.False(Tolerance.Float32.Accepts(Scalar.Of(1f), Scalar.Of(float.PositiveInfinity)));
    }

    [Fact]
    public void NamesAreDistinct() => Assert.Equal(Cases.All.Count, Cases.All.Select(static c => c.Name).Distinct().Count());
}
