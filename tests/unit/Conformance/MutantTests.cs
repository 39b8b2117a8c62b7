using BrainState.Mutations;
using BrainState.UnitTests.Architecture;

namespace BrainState.UnitTests.Conformance;

/// <summary>The faults that prove the suite keep up with the code; whether the suite notices them, tests/mutations says.</summary>
public sealed class MutantTests
{
    private static readonly IReadOnlyList<Mutant> Mutants = MutantFile.ReadAll(Repository.PathOf("tests/mutations/Mutants"));

    [Fact]
    public void EveryMutantChangesOnePlace() => Assert.All(Mutants, static mutant =>
    {
        var source = File.ReadAllText(Repository.PathOf(mutant.File));
        Assert.NotEqual(source, mutant.Apply(source));
    });

    [Fact]
    public void NamesAreUnique() => Assert.Equal(Mutants.Select(static m => m.Name).Distinct(), Mutants.Select(static m => m.Name));

    /// <summary>In order; those that were not run yet are counted in its heading.</summary>
    [Fact]
    public void TheTableHasNothingButMutants()
    {
        var rows = ResultTable.Names(Repository.PathOf("tests/mutations/RESULTS.md")).ToArray();
        Assert.Equal(Mutants.Select(static m => m.Name).Where(rows.Contains), rows);
    }

    [Fact]
    public void AFileSaysNameKindFileCasesAndBothTexts()
    {
        var mutant = Assert.Single(MutantFile.Parse(["# comment", "", "a-b | sign | x.cs | ops/* programs/*", "- one", "-   two", "+ three"], "file"));
        Assert.Equal(("a-b", "sign", "x.cs", "one\n  two", "three"), (mutant.Name, mutant.Kind, mutant.File, mutant.Original, mutant.Replacement));
        Assert.Equal(["ops/*", "programs/*"], mutant.Cases);
        Assert.Equal("0three1", mutant.Apply("0one\n  two1"));
    }

    [Theory]
    [InlineData("a | sign | x.cs")]
    [InlineData("a | sign | x.cs | ")]
    [InlineData("a | sign | x.cs | ops/*")]
    public void WhatIsNoMutantIsRefusedWithItsPlace(string head) =>
        Assert.StartsWith("file, line 1:", Assert.Throws<FormatException>(() => MutantFile.Parse([head], "file").ToArray()).Message);

    [Theory]
    [InlineData("two")]
    [InlineData("one one")]
    public void AMutantThatDoesNotMatchOnceIsOutOfDate(string source) =>
        Assert.Contains("out of date", Assert.Throws<FormatException>(() => new Mutant("a", "sign", "x.cs", "one", "three", ["*"]).Apply(source)).Message);

    [Theory]
    [InlineData("while :; do :; done", 100, 60_000, true)]
    [InlineData("sleep 60", 60_000, 100, false)]
    public void OnlyARunThatUsesTooMuchProcessorTimeIsAnEndlessLoop(string script, int processor, int wall, bool isEndless)
    {
        var ended = Shell.Run(Path.GetTempPath(), new(TimeSpan.FromMilliseconds(processor), TimeSpan.FromMilliseconds(wall)), "sh", "-c", script);
        Assert.Null(ended.ExitCode);
        var run = SuiteRun.Of(ended, "none");
        Assert.Equal((isEndless, isEndless ? "endless loop" : "not finished"), (run.IsFinished, run.Evidence));
    }

    [Fact]
    public void TheProcessorTimeOfARunIsWhatItUsed()
    {
        var ended = Shell.Run(Path.GetTempPath(), Limits.Of(TimeSpan.FromMinutes(1)), "sh", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; sleep 0.3; echo done");
        Assert.Equal((0, "done"), (ended.ExitCode, ended.LastLine));
        Assert.InRange(ended.ProcessorTime, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(20));
    }
}
