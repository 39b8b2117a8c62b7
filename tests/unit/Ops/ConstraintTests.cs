using System.Text.RegularExpressions;
using System.Xml.Linq;
using BrainState.Ops;
using BrainState.Conformance.Generation;
using Xunit.Sdk;

namespace BrainState.UnitTests.Ops;

/// <summary>Documentation, error messages and tests name the same constraints.</summary>
public sealed partial class ConstraintTests
{
    [Fact]
    public void AViolatedConstraintIsNamedByItsLabel()
    {
        foreach (var violation in ConstraintCases.All)
        {
            var thrown = Record.Exception(() => violation.Op.Infer(Specs.Parse(violation.Operands)));

            var failure = thrown as OpConstraintException ?? throw new XunitException($"{violation} gave {thrown?.ToString() ?? "no error"}.");
            Assert.True(violation.Label == failure.Label, $"{violation} gave {failure.Message}");
            Assert.Equal(violation.Op, failure.Op);
            Assert.Matches($@"^{violation.Op.Name} \({violation.Label}\): [a-zA-Z].+[^.]\.$", failure.Message);
        }
    }

    /// <summary>A constraint that is documented, but has no case above, fails here.</summary>
    [Fact]
    public void EveryDocumentedConstraintHasACase()
    {
        var documented = DocumentedLabels();
        var tested = ConstraintCases.All.Select(c => (c.Op.GetType(), c.Label)).ToHashSet();
        var missing = OpGenerators.Names.Select(Instance)
            .SelectMany(op => Family(op.GetType()).SelectMany(type => documented[type.FullName!]).Distinct().Select(label => (op, label)))
            .Where(c => !tested.Contains((c.op.GetType(), c.label)) && !ConstraintCases.IsVacuous(c.op, c.label))
            .Select(c => $"{c.op.Name} {c.label}");

        Assert.Empty(missing);
        Assert.InRange(documented.Count, 20, 100);
    }

    [Fact]
    public void EveryTestedConstraintIsDocumented()
    {
        var documented = DocumentedLabels();
        var undocumented = ConstraintCases.All
            .Where(c => c.Label != "C0" && !Family(c.Op.GetType()).Any(type => documented[type.FullName!].Contains(c.Label)))
            .Select(c => $"{c.Op.GetType().Name} {c.Label}").Distinct();

        Assert.Empty(undocumented);
    }

    [Fact]
    public void EveryOpOfTheAssemblyIsRegistered()
    {
        var types = typeof(Op).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(Op)) && !t.IsAbstract);

        Assert.Equal(types.Select(t => t.Name).Order(), OpGenerators.Names.Select(name => Instance(name).GetType().Name).Order());
    }

    [Fact]
    public void AWrongNumberOfOperandsIsC0()
    {
        Op[] fixedCount =
        [
            new BroadcastInDim([], []), new Reshape([]), new Transpose([]), new Rev([]), new Pad([]), new Slice([], [], []), new Clamp(),
            new DotGeneral([], [], [], [], DType.Float32), new RandomBits(DType.UInt32, []), new BitcastConvertType(DType.Int32),
            new ReduceSum([]), new ArgMax(0, DType.Int32),
        ];
        foreach (var op in fixedCount)
        {
            Assert.Equal("C0", Assert.Throws<OpConstraintException>(() => op.Infer([])).Label);
            Assert.Equal("C0", Assert.Throws<OpConstraintException>(() => op.Infer(Specs.Parse("f32[] f32[] f32[] f32[]"))).Label);
        }

        Assert.Equal("iota (C0): it takes 0 operands, but 1 were given.",
            Assert.Throws<OpConstraintException>(() => new Iota(DType.Int32, [1], 0).Infer(Specs.Parse("f32[]"))).Message);
    }

    /// <summary>Any operands are accepted or refused by name; an op never fails in another way.</summary>
    [Fact]
    public void ArbitraryOperandsAreAcceptedOrRefusedByName() => Property.Check(20_000, seed =>
    {
        var generator = new ProgramGenerator(seed) { MaxEquations = 1, MaxDepth = 1, Axis = ("i", 2) };
        var op = generator.NextWith(OpGenerators.Names[seed % OpGenerators.Names.Count]).Equations[^1].Op;
        var operands = new GeneratorScope(generator).Specs(5);
        InferOrRefuse(op, operands);
    });

    [Fact]
    public void ArbitraryParametersAreAcceptedOrRefusedByName() => Property.Check(10_000, seed =>
    {
        var program = new ProgramGenerator(seed) { MaxEquations = 1, MaxDepth = 1, Axis = ("i", 2) }.NextWith(OpGenerators.Names[seed % OpGenerators.Names.Count]);
        var equation = program.Equations[^1];
        if (OpMutator.Mutate(equation.Op, new Random(seed)) is { } op) InferOrRefuse(op, [.. equation.Inputs.Select(program.SpecOf)]);
    });

    static void InferOrRefuse(Op op, TensorSpec[] operands)
    {
        try
        {
            op.Infer(operands);
        }
        catch (OpConstraintException refusal)
        {
            Assert.Equal(op, refusal.Op);
        }
        catch (Exception failure)
        {
            throw new XunitException($"{op} {Specs.Print(operands)}: {failure}");
        }
    }

    static Op Instance(string name) => new ProgramGenerator(0) { MaxEquations = 0, Axis = ("i", 2) }.NextWith(name).Equations.First(e => e.Op.Name == name).Op;

    static IEnumerable<Type> Family(Type op)
    {
        for (var type = op; type != typeof(Op); type = type.BaseType!) yield return type;
    }

    /// <summary>The labels in the documentation file of the contract, by type.</summary>
    static ILookup<string, string> DocumentedLabels()
    {
        var file = Path.ChangeExtension(typeof(Op).Assembly.Location, ".xml");
        return XDocument.Load(file).Descendants("member")
            .Select(member => (Name: member.Attribute("name")!.Value, Text: member.Value))
            .Where(member => member.Name.StartsWith("T:BrainState.Ops.", StringComparison.Ordinal) && member.Name != "T:BrainState.Ops.Op")
            .SelectMany(member => Label().Matches(member.Text).Select(match => (Type: member.Name[2..], Label: match.Groups[1].Value)))
            .ToLookup(pair => pair.Type, pair => pair.Label);
    }

    [GeneratedRegex(@"\((C\d+)\)")]
    private static partial Regex Label();
}
