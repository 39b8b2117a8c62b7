using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Interpretation;

public class CoverageTests
{
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
}
