using BrainState.Conformance;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.UnitTests.Generators;

namespace BrainState.UnitTests.Interpretation;

public class CoverageTests
{
    public static TheoryData<string> CaseNames => [.. Cases.All.Select(static c => c.Name)];

    [Fact]
    public void EveryTypeOfOpHasARule()
    {
        var ops = typeof(Op).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(Op)) && !type.IsAbstract);

        Assert.Empty(ops.Except(Interpreter.Ops).Select(static type => type.Name));
    }

    [Fact]
    public void EveryRegisteredOpRuns()
    {
        var names = new HashSet<string>();
        foreach (var name in OpGenerators.WithoutAxis)
            Property.Check(10, seed =>
            {
                var random = new Random(seed);
                var program = new ProgramGenerator(seed) { MaxEquations = 2 }.NextWith(name);
                Interpreter.Run(program, [.. program.Inputs.Select(spec => HostValue.Generate(spec, _ => ScalarGenerator.Any(random, spec.DType)))]);
                names.UnionWith(program.Equations.Select(static e => e.Op.Name));
            });

        Assert.Empty(OpGenerators.WithoutAxis.Except(names));
    }

    /// <summary>Each replica has other inputs; loops run alike on all.</summary>
    [Fact]
    public void EveryCollectiveRunsInReplicas()
    {
        foreach (var name in EffectGenerators.Collectives.Keys)
            Property.Check(40, seed =>
            {
                var size = 1 + (seed % 3);
                var random = new Random(seed);
                var program = new ProgramGenerator(seed) { Axis = ("i", size), TameLiterals = true }.NextWith(name);
                HostValue[] Inputs() => [.. program.Inputs.Select(spec => HostValue.Generate(spec, _ => ScalarGenerator.Tame(random, spec.DType)))];
                var outputs = Interpreter.RunReplicated(program, "i", [.. Enumerable.Range(0, size).Select(_ => Inputs())]);
                Assert.All(outputs, some => Assert.Equal(program.OutputSpecs, some.Select(static output => output.Spec)));
            });
    }

    [Theory, MemberData(nameof(CaseNames))]
    public void ConformanceCasesHold(string name)
    {
        var test = Cases.All.Single(c => c.Name == name);
        var actual = Interpreter.Run(test.Program, [.. test.Inputs.Select(static input => HostValue.Of(input.Spec, input.Bytes))]);

        for (var i = 0; i < actual.Length; i++)
        {
            Assert.Equal(test.Expected[i].Spec, actual[i].Spec);
            for (var k = 0; k < actual[i].Count; k++)
                Assert.True(test.Tolerance.Accepts(actual[i][k], test.Expected[i][k]), $"element {k} of output {i} is {actual[i][k]} instead of {test.Expected[i][k]}");
        }
    }
}
