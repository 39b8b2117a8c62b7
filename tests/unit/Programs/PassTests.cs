using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Passes;
using BrainState.UnitTests.Generators;

namespace BrainState.UnitTests.Programs;

/// <summary>Passes change how, never what: outputs and effects stay, as trees of expressions.</summary>
public sealed class PassTests
{
    const int Cases = 2000;

    public static TheoryData<string> Names => [.. Passes.Keys];

    static readonly Dictionary<string, Func<Program, Program>> Passes = new()
    {
        ["dead code"] = DeadCodeElimination.Run,
        ["common subexpressions"] = CommonSubexpressionElimination.Run,
        ["inlining"] = CallInlining.Run,
        ["all"] = program => DeadCodeElimination.Run(CommonSubexpressionElimination.Run(CallInlining.Run(program))),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void OutputsAndEffectsStay(string pass) => Check(program =>
    {
        var after = Passes[pass](program);
        var interner = new ExpressionInterner();

        ProgramVerifier.Verify(after);
        Assert.Equal(program.Inputs.AsSpan(), after.Inputs.AsSpan());
        Assert.Equal(program.OutputSpecs.AsSpan(), after.OutputSpecs.AsSpan());
        var (before, now) = (interner.Of(program), interner.Of(after));
        Assert.Equal(before.Outputs, now.Outputs);
        Assert.Equal(before.Effects, now.Effects);
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void ASecondRunChangesNothing(string pass) => Check(program =>
    {
        var once = Passes[pass](program);
        Assert.Equal(once, Passes[pass](once));
    });

    [Fact]
    public void NoDeadEquationIsLeftAndNoLiveOneIsLost() => Check(program =>
    {
        var after = DeadCodeElimination.Run(program);
        var read = after.Equations.SelectMany(e => e.Inputs).Concat(after.Outputs).Where(o => !o.IsLiteral).Select(o => o.Value).ToHashSet();

        Assert.All(after.Equations, e => Assert.True(e.Op.HasEffects || Enumerable.Range(e.FirstOutput, e.Outputs.Length).Any(read.Contains), e.Op.Name));
        if (after.Equations.Length == program.Equations.Length) Assert.Same(program, after);
    });

    [Fact]
    public void UsedInputsAreThoseThatTheLiveEquationsRead() => Check(program =>
    {
        var used = DeadCodeElimination.UsedInputs(program);
        var after = DeadCodeElimination.Run(program);
        var read = after.Equations.SelectMany(e => e.Inputs).Concat(after.Outputs).Where(o => !o.IsLiteral).Select(o => o.Value).ToHashSet();

        Assert.Equal([.. Enumerable.Range(0, program.Inputs.Length).Select(read.Contains)], used);
    });

    [Fact]
    public void NoRepeatedEquationIsLeft() => Check(program =>
    {
        var pure = CommonSubexpressionElimination.Run(program).Equations.Where(e => !e.Op.HasEffects && e.Op is not OptimizationBarrier).ToArray();

        Assert.Equal(pure.Length, pure.Select(e => (e.Op, e.Inputs.ToValueArray())).Distinct().Count());
    });

    [Fact]
    public void BarriersAreNotMerged() => Check(program =>
    {
        static int Barriers(Program program) => program.Equations.Count(e => e.Op is OptimizationBarrier);

        Assert.Equal(Barriers(program), Barriers(CommonSubexpressionElimination.Run(program)));
    });

    [Fact]
    public void NoCallIsLeftAtTheTop() => Check(program => Assert.DoesNotContain(CallInlining.Run(program).Equations, e => e.Op is Call));

    [Fact]
    public void RecomputationBehindABarrierStaysApart()
    {
        var program = Program.Parse("""
            program(%0:f32[2]) {
              %1:f32[2] = optimization_barrier %0
              %2:f32[2] = exp %1
              %3:f32[2] = optimization_barrier %0
              %4:f32[2] = exp %3
              %5:f32[2] = exp %3
              return %2, %4, %5
            }
            """);

        Assert.Equal("""
            program(%0:f32[2]) {
              %1:f32[2] = optimization_barrier %0
              %2:f32[2] = exp %1
              %3:f32[2] = optimization_barrier %0
              %4:f32[2] = exp %3
              return %2, %4, %4
            }
            """.ReplaceLineEndings("\n"), CommonSubexpressionElimination.Run(program).ToFullText());
    }

    [Fact]
    public void EffectsInsideBodiesKeepTheirEquation()
    {
        var inner = new ProgramBuilder();
        inner.AddAll(new Announce("inside"), inner.AddInput(new(DType.Float32, [])));
        var builder = new ProgramBuilder();
        var x = builder.AddInput(new(DType.Float32, []));
        var op = new Checkpoint(inner.Build(), CheckpointPolicy.NothingSaveable);
        builder.AddAll(op, x);
        builder.AddAll(op, x);
        var program = builder.Build();

        Assert.True(program.HasEffects);
        Assert.Same(program, DeadCodeElimination.Run(program));
        Assert.Equal(program, CommonSubexpressionElimination.Run(program));
        Assert.Equal([true], DeadCodeElimination.UsedInputs(program));
    }

    /// <summary>Checks random programs, every second one with effects strewn in.</summary>
    static void Check(Action<Program> property) =>
        Property.CheckPrograms(Cases, (program, seed) => property(seed % 2 == 0 ? program : WithEffects(program, new(seed))));

    static Program WithEffects(Program program, Random random)
    {
        var available = program.Inputs.Length;
        return ProgramRewriter.Rewrite(program, (builder, equation, operands) =>
        {
            if (random.Next(3) == 0) builder.AddAll(new Announce("now"), available > 0 ? [Operand.Of(random.Next(available))] : []);
            return builder.AddAll(equation.Op, operands);
        });
    }
}
