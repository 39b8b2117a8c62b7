using BrainState.Conformance.Generation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Conformance;

/// <summary>The generator reaches what it promises; else the properties that use it prove less than they seem to.</summary>
public sealed class ProgramGeneratorTests
{
    [Fact]
    public void EveryRegisteredOpHasAGenerator() => Assert.Equal(OpRegistry.Names, OpGenerators.Names);

    [Fact]
    public void EveryOpIsGeneratedAndEveryDTypeAlone()
    {
        Property.Check(OpGenerators.Names.Count, index =>
        {
            var name = OpGenerators.Names[index];
            var program = new ProgramGenerator(index) { Axis = ("i", 2) }.NextWith(name);
            Assert.Contains(program.Equations, e => e.Op.Name == name);
        });

        foreach (var dtype in DType.All)
        {
            var generator = new ProgramGenerator(0) { DTypes = [dtype] };
            for (var i = 0; i < 100; i++)
            {
                var program = generator.Next();
                Assert.All(Values(program), spec => Assert.Equal(dtype, spec.DType));
            }
        }
    }

    [Fact]
    public void ProgramsKeepToTheSettings() => Property.Check(500, seed =>
    {
        var generator = new ProgramGenerator(seed)
        {
            DTypes = [DType.Float32, DType.Bool],
            Ops = ["add", "lt", "exp", "reduce_sum", "scan", "broadcast_in_dim"],
            MaxRank = 2,
            MaxElements = 20,
            EmptyShapes = false,
        };
        var program = generator.Next([new(DType.Float32, [2])], [new(DType.Bool, []), new(DType.Float32, [3, 1])]);

        Assert.Equal([new(DType.Float32, [2])], program.Inputs.ToArray());
        Assert.Equal([new(DType.Bool, []), new(DType.Float32, [3, 1])], program.OutputSpecs.ToArray());
        Assert.All(program.Equations, e => Assert.Contains(e.Op.Name, generator.Ops));
        Assert.All(Values(program), spec =>
        {
            Assert.Contains(spec.DType, generator.DTypes);
            Assert.InRange(spec.Rank, 0, 2);
            Assert.InRange(spec.ElementCount, 1, 20);
        });
    });

    [Fact]
    public void TheSameSeedGivesTheSameProgram() =>
        Property.Check(100, seed => Assert.Equal(new ProgramGenerator(seed).Next(), new ProgramGenerator(seed).Next()));

    [Fact]
    public void NestedBodiesEquationsWithoutResultsAndEmptyShapesOccur()
    {
        var programs = Enumerable.Range(0, 1000).Select(seed => new ProgramGenerator(seed).Next()).ToArray();

        Assert.Contains(programs, p => Depth(p) == 2);
        Assert.Contains(programs, p => Values(p).Any(s => s.ElementCount == 0));
        Assert.Contains(programs, p => p.Equations.Any(e => e.Outputs.IsEmpty));
        Assert.Contains(programs, p => p.Outputs.IsEmpty);
        Assert.Contains(programs, p => p.Outputs.Any(o => o.IsLiteral));
    }

    static IEnumerable<TensorSpec> Values(Program program) => Enumerable.Range(0, program.ValueCount).Select(program.SpecOf);

    static int Depth(Program program) => program.Equations.SelectMany(e => e.Op.Bodies).Select(b => 1 + Depth(b)).DefaultIfEmpty().Max();
}
