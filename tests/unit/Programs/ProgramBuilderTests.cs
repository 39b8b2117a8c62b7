using BrainState.Ops;
using BrainState.Programs;
using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Programs;

/// <summary>Numbering: inputs first, then results in order, whenever the inputs were added.</summary>
public sealed class ProgramBuilderTests
{
    static readonly TensorSpec Vector = new(DType.Float32, [2]);

    [Fact]
    public void InputsAddedLateAreNumberedFirst()
    {
        var builder = new ProgramBuilder();
        var x = builder.AddInput(Vector);
        var negated = builder.Add(new Neg(), x);
        var y = builder.AddInput(new(DType.Float32, []));
        var sum = builder.Add(new Add(), negated, y);
        Assert.Equal((2, 2), (builder.InputCount, builder.EquationCount));

        Assert.Equal(
            "program(%0:f32[2], %1:f32[]) {\n  %2:f32[2] = neg %0\n  %3:f32[2] = add %2 %1\n  return %3, %1, %0\n}", builder.Build(sum, y, x).ToFullText());
    }

    /// <summary>An equation without results takes no number, so that the late input seems to be in its place already.</summary>
    [Fact]
    public void AnInputAfterAnEquationWithoutResultsIsNumberedFirst()
    {
        var builder = new ProgramBuilder();
        builder.AddAll(new Call(new ProgramBuilder().Build(), "f"));
        builder.AddInput(Vector);
        var program = builder.Build();

        ProgramVerifier.Verify(program);
        Assert.Equal(1, program.Equations[0].FirstOutput);
    }

    [Fact]
    public void InputsMayBeReordered()
    {
        static (ProgramBuilder Builder, Operand X, Operand Y) Start()
        {
            var builder = new ProgramBuilder();
            return (builder, builder.AddInput(Vector), builder.AddInput(new(DType.Int32, [])));
        }

        var (builder, x, y) = Start();
        var negated = builder.Add(new Neg(), x);
        Assert.Equal(
            "program(%0:i32[], %1:f32[2]) {\n  %2:f32[2] = neg %1\n  return %2, %0\n}", builder.Build([negated, y], inputOrder: [y, x]).ToFullText());

        foreach (var order in (Operand[][])[[x, x], [x], [x, y, x], [x, Operand.Of(Scalar.Of(1))]])
        {
            (builder, x, y) = Start();
            var failure = Assert.Throws<ArgumentException>(() => builder.Build([x], order));
            Assert.StartsWith("The order must name every input of the program once.", failure.Message);
        }
    }

    [Fact]
    public void AddWantsExactlyOneResult()
    {
        var builder = new ProgramBuilder();
        var x = builder.AddInput(Vector);

        var failure = Assert.Throws<ArgumentException>(() => builder.Add(new OptimizationBarrier(), x, x));

        Assert.StartsWith("optimization_barrier has 2 results; use AddAll.", failure.Message);
    }

    [Fact]
    public void AViolatedConstraintAddsNothing()
    {
        var builder = new ProgramBuilder();
        var x = builder.AddInput(Vector);

        Assert.Throws<OpConstraintException>(() => builder.Add(new And(), x, x));

        Assert.Equal("program(%0:f32[2]) {\n  return %0\n}", builder.Build(x).ToFullText());
    }

    [Fact]
    public void InliningIntoAnEmptyBuilderCopies() => Property.CheckPrograms(1000, (program, _) =>
    {
        var builder = new ProgramBuilder();
        var inputs = program.Inputs.Select(builder.AddInput).ToArray();

        Assert.Equal(program, builder.Build(builder.Inline(program, inputs)));
    });

    [Fact]
    public void InliningChecksTheNumberOfArguments()
    {
        var builder = new ProgramBuilder();
        builder.AddInput(Vector);
        var program = builder.Build();

        Assert.StartsWith("The program has 1 inputs, not 0.", Assert.Throws<ArgumentException>(() => new ProgramBuilder().Inline(program, [])).Message);
    }

    /// <summary>The same equations, with each input added where it is first read, give the same program.</summary>
    [Fact]
    public void TheTimeOfAddingInputsDoesNotMatter() => Property.CheckPrograms(1500, (program, seed) =>
    {
        var (random, builder, map) = (new Random(seed), new ProgramBuilder(), new Operand?[program.ValueCount]);
        var order = Enumerable.Range(0, program.Inputs.Length).ToArray();
        random.Shuffle(order);
        Operand Map(Operand operand) => operand.IsLiteral ? operand : map[operand.Value] ??= builder.AddInput(program.SpecOf(operand));

        foreach (var equation in program.Equations)
        {
            var results = builder.AddAll(equation.Op, [.. equation.Inputs.Select(Map)]);
            for (var i = 0; i < results.Length; i++) map[equation.FirstOutput + i] = results[i];
        }

        var outputs = program.Outputs.Select(Map).ToArray();
        foreach (var input in order) Map(Operand.Of(input));
        var inputs = map.Take(program.Inputs.Length).Select(input => input!.Value).ToArray();

        Assert.Equal(program, builder.Build(outputs, inputs));
    });
}
