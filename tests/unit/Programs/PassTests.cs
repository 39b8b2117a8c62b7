using BrainState.Conformance;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Passes;
using BrainState.Conformance.Generation;
using BrainState.UnitTests.Interpretation;

namespace BrainState.UnitTests.Programs;

/// <summary>Passes change how, never what: outputs and effects stay, as trees of expressions where bodies are left alone, and as values in any case.</summary>
public sealed class PassTests
{
    const int Cases = 2000;

    public static TheoryData<string> Names => [.. Passes.Keys];

    static readonly Dictionary<string, Func<Program, Program>> Passes = new()
    {
        ["dead code"] = DeadCodeElimination.Run,
        ["common subexpressions"] = CommonSubexpressionElimination.Run,
        ["inlining"] = CallInlining.Run,
        ["invariants"] = LoopInvariantMotion.Run,
        ["all"] = static program => DeadCodeElimination.Run(CommonSubexpressionElimination.Run(LoopInvariantMotion.Run(CallInlining.Run(program)))),
    };

    /// <summary>What a program computes and prints, and in which order, is the same after a pass.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void ValuesAndPrintsStay(string pass) => Property.Check(Cases, seed =>
    {
        string[] bodies = [.. BodyOpGenerators.Table.Keys];
        var program = new ProgramGenerator(seed) { Ops = [.. OpGenerators.WithoutAxis, .. bodies, .. bodies, "debug_print", "debug_print"] }.Next();
        var after = Passes[pass](program);
        ProgramVerifier.Verify(after);

        var random = new Random(seed);
        HostValue[] inputs = [.. program.Inputs.Select(spec => HostValue.Generate(spec, _ => ScalarGenerator.Tame(random, spec.DType)))];
        List<string> before = [], now = [];
        var expected = Interpreter.Run(program, inputs, new() { Print = before.Add });
        var actual = Interpreter.Run(after, inputs, new() { Print = now.Add });
        Assert.True(before.SequenceEqual(now), $"printed\n{string.Join('\n', now)}\ninstead of\n{string.Join('\n', before)}\n{program.ToFullText()}");
        Assert.True(Exactness.Difference(expected, actual) is not { } difference, $"{program.ToFullText()}\nbecame\n{after.ToFullText()}");
    });

    [Theory]
    [InlineData("common subexpressions")]
    [InlineData("inlining")]
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
        if (after.Equals(program)) Assert.Same(program, after);
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
    public void LoopsKeepOnlyWhatIsNeeded() => AssertDeadCode("""
        program(%0:f32[], %1:f32[], %2:f32[4], %3:f32[4], %4:f32[]) {
          %5:f32[] %6:f32[] %7:f32[] %8:f32[4] %9:f32[4] = scan[body=program(%0:f32[], %1:f32[], %2:f32[], %3:f32[], %4:f32[], %5:f32[], %6:f32[]) {
            %7:f32[] = add %2 %5
            %8:f32[] = mul %3 %0
            %9:f32[] = add %4 %6
            %10:f32[] = sin %5
            %11:f32[] = mul %1 %6
            return %7, %8, %9, %10, %11
          } length=4 num_carry=3 num_consts=2 reverse=False unroll=1] %0 %1 %0 %4 %1 %2 %3
          return %5, %8
        }
        """, """
        program(%0:f32[], %1:f32[], %2:f32[4], %3:f32[4], %4:f32[]) {
          %5:f32[] %6:f32[4] = scan[body=program(%0:f32[], %1:f32[]) {
            %2:f32[] = add %0 %1
            %3:f32[] = sin %1
            return %2, %3
          } length=4 num_carry=1 num_consts=0 reverse=False unroll=1] %0 %2
          return %5, %6
        }
        """);

    /// <summary>A carry that the condition reads is needed, and so is one that it depends on; one that only itself depends on is not.</summary>
    [Fact]
    public void AWhileKeepsWhatItsConditionNeeds() => AssertDeadCode("""
        program(%0:i32[], %1:f32[]) {
          %2:i32[] %3:i32[] %4:f32[] %5:f32[] = while[body=program(%0:f32[], %1:i32[], %2:i32[], %3:f32[], %4:f32[]) {
            %5:i32[] = add %1 %2
            %6:f32[] = mul %3 2.0:f32[]
            %7:f32[] = mul %4 %0
            return %5, %2, %6, %7
          } body_nconsts=1 cond=program(%0:i32[], %1:i32[], %2:f32[], %3:f32[]) {
            %4:bool[] = lt %0 9:i32[]
            return %4
          } cond_nconsts=0] %1 %0 1:i32[] 1.0:f32[] %1
          return %4
        }
        """, """
        program(%0:i32[], %1:f32[]) {
          %2:i32[] %3:i32[] %4:f32[] = while[body=program(%0:i32[], %1:i32[], %2:f32[]) {
            %3:i32[] = add %0 %1
            %4:f32[] = mul %2 2.0:f32[]
            return %3, %1, %4
          } body_nconsts=0 cond=program(%0:i32[], %1:i32[], %2:f32[]) {
            %3:bool[] = lt %0 9:i32[]
            return %3
          } cond_nconsts=0] %0 1:i32[] 1.0:f32[]
          return %4
        }
        """);

    [Fact]
    public void BranchesAndCallsKeepOnlyWhatIsNeeded() => AssertDeadCode("""
        program(%0:i32[], %1:f32[], %2:f32[]) {
          %3:f32[] %4:f32[] = cond[branches=(program(%0:f32[], %1:f32[]) {
            %2:f32[] = sin %0
            return %0, %2
          }, program(%0:f32[], %1:f32[]) {
            return %0, %1
          }, )] %0 %1 %2
          %5:f32[] %6:f32[] = call[body=program(%0:f32[], %1:f32[]) {
            return %1, %0
          } name=swap] %3 %2
          return %6
        }
        """, """
        program(%0:i32[], %1:f32[], %2:f32[]) {
          %3:f32[] = cond[branches=(program(%0:f32[]) {
            return %0
          }, program(%0:f32[]) {
            return %0
          }, )] %0 %1
          %4:f32[] = call[body=program(%0:f32[]) {
            return %0
          } name=swap] %3
          return %4
        }
        """);

    /// <summary>The invariant product leaves both loops; the broadcast, which costs nothing where it is read, stays.</summary>
    [Fact]
    public void WhatDoesNotChangeIsComputedBeforeTheLoops()
    {
        var before = Program.Parse("""
            program(%0:f32[], %1:f32[2]) {
              %2:f32[2] = scan[body=program(%0:f32[], %1:f32[2]) {
                %2:f32[2] = scan[body=program(%0:f32[], %1:f32[2]) {
                  %2:f32[] = exp %0
                  %3:f32[2] = broadcast_in_dim[broadcast_dimensions=() shape=(2,)] %2
                  %4:f32[2] = mul %1 %3
                  return %4
                } length=3 num_carry=1 num_consts=1 reverse=False unroll=1] %0 %1
                return %2
              } length=2 num_carry=1 num_consts=1 reverse=False unroll=1] %0 %1
              return %2
            }
            """);
        var after = DeadCodeElimination.Run(LoopInvariantMotion.Run(before));
        Assert.Equal(Program.Parse("""
            program(%0:f32[], %1:f32[2]) {
              %2:f32[] = exp %0
              %3:f32[2] = scan[body=program(%0:f32[], %1:f32[2]) {
                %2:f32[2] = scan[body=program(%0:f32[], %1:f32[2]) {
                  %2:f32[2] = broadcast_in_dim[broadcast_dimensions=() shape=(2,)] %0
                  %3:f32[2] = mul %1 %2
                  return %3
                } length=3 num_carry=1 num_consts=1 reverse=False unroll=1] %0 %1
                return %2
              } length=2 num_carry=1 num_consts=1 reverse=False unroll=1] %2 %1
              return %3
            }
            """).ToFullText(), after.ToFullText());
    }

    static void AssertDeadCode(string before, string after) => Assert.Equal(Program.Parse(after).ToFullText(), DeadCodeElimination.Run(Program.Parse(before)).ToFullText());

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
