using BrainState.Conformance;
using BrainState.Backends;
using BrainState.Execution;
using BrainState.Hosting;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Passes;
using BrainState.Conformance.Generation;
using BrainState.UnitTests.Hosting;
using BrainState.UnitTests.Interpretation;
using static BrainState.Transforms;
using Debug = BrainState.Debug;

namespace BrainState.UnitTests.Debugging;

/// <summary>Where a backend cannot report effects, the same is printed, and the same error thrown, after the run.</summary>
public sealed class EffectLoweringTests
{
    /// <summary>What a run printed, which error ended it, and what it returned if none did.</summary>
    private sealed record Outcome(string Printed, string? Error, HostValue[]? Results);

    private static Outcome Native(Program program, HostValue[] inputs)
    {
        var printed = new List<string>();
        try
        {
            var results = Interpreter.Run(program, inputs, new() { Print = printed.Add });
            return new(string.Join('\n', printed), null, results);
        }
        catch (ErrorIfException error)
        {
            return new(string.Join('\n', printed), error.Message, null);
        }
    }

    private static Outcome Recorded(Program program, HostValue[] inputs, EffectLimits limits)
    {
        var recording = EffectLowering.Run(program, limits);
        ProgramVerifier.Verify(recording.Program);
        Assert.False(recording.Program.HasEffects);
        var all = Interpreter.Run(recording.Program, inputs);
        var printed = new List<string>();
        try
        {
            recording.Record.Report([.. all[program.Outputs.Length..].Select(static v => new RecordedValue(v.Spec, v.Bytes.ToArray()))], (op, operands) =>
            {
                if (op is ErrorIf error) throw new ErrorIfException(EffectText.Format(error.Message, [.. operands.Skip(1)]));
                printed.Add(EffectText.Format(((DebugPrint)op).Format, operands));
            });
            return new(string.Join('\n', printed), null, all[..program.Outputs.Length]);
        }
        catch (ErrorIfException error)
        {
            return new(string.Join('\n', printed), error.Message, null);
        }
    }

    [Fact]
    public void RandomProgramsSayTheSame()
    {
        var (prints, errors) = (0, 0);
        Property.Check(300, seed =>
        {
            DType[] dtypes = [DType.Bool, DType.Int32, DType.Float32];
            string[] bodies = ["scan", "while", "cond", "call", "checkpoint", "scan", "while", "cond"];
            string[] ops = ["add", "mul", "lt", "and", "broadcast_in_dim", .. bodies, "debug_print", "error_if", "debug_print", "error_if"];
            var generator = new ProgramGenerator(seed) { DTypes = dtypes, Ops = ops, TameLiterals = true, TameNames = true, MaxRank = 1, MaxEquations = 10 };
            var program = Failing(generator.Next(), generator.Random);
            HostValue[] inputs = [.. program.Inputs.Select(spec => HostValue.Generate(spec, _ => ScalarGenerator.Tame(generator.Random, spec.DType)))];

            var (native, recorded) = (Native(program, inputs), Recorded(program, inputs, EffectLimits.Default));
            Assert.True(native.Printed == recorded.Printed && native.Error == recorded.Error, $"{recorded}\ninstead of\n{native}\n{program.ToFullText()}");
            if (native.Results is { } results) Assert.Null(Exactness.Difference(results, recorded.Results!));
            if (native.Printed.Length > 0) prints++;
            if (native.Error is not null) errors++;
        });
        Assert.True(prints > 50 && errors > 10, $"{prints} programs printed, {errors} failed");
    }

    /// <summary>Makes some of the errors of a program happen, which never do as generated.</summary>
    private static Program Failing(Program program, Random random) => ProgramRewriter.Rewrite(program, (builder, equation, operands) => equation.Op switch
    {
        ErrorIf error when random.Next(3) == 0 => builder.AddAll(error, [Operand.Of(Scalar.Of(true)), .. operands[1..]]),
        { HasEffects: true } and BodyOp body => builder.AddAll(BodyRewriter.Rewrite(body, inner => Failing(inner, random)), operands),
        _ => builder.AddAll(equation.Op, operands),
    });

    private static readonly Program Counting = Program.Parse("""
        program(%0:i32[], %1:i32[]) {
          %2:i32[] = while[body=program(%0:i32[], %1:i32[]) {
            %2:bool[] = eq %1 %0
            debug_print[fmt='step {0}'] %1
            error_if[msg='reached {0}'] %2 %1
            debug_print[fmt='after {0}'] %1
            %3:i32[] = add %1 1:i32[]
            return %3
          } body_nconsts=1 cond=program(%0:i32[]) {
            debug_print[fmt='test {0}'] %0
            %1:bool[] = lt %0 5:i32[]
            return %1
          } cond_nconsts=0] %0 %1
          return %2
        }
        """);

    [Theory]
    [InlineData(9, 4, "test 0\nstep 0\nafter 0\ntest 1\nstep 1\nafter 1\ntest 2\nstep 2\nafter 2\ntest 3\nstep 3\nafter 3\ntest 4\n(what 1 more steps of this loop printed was not recorded)", null)]
    [InlineData(9, 5, "test 0\nstep 0\nafter 0\ntest 1\nstep 1\nafter 1\ntest 2\nstep 2\nafter 2\ntest 3\nstep 3\nafter 3\ntest 4\nstep 4\nafter 4\ntest 5", null)]
    [InlineData(1, 2, "test 0\nstep 0\nafter 0\ntest 1\nstep 1", "reached 1")]
    [InlineData(3, 1, "test 0\nstep 0\nafter 0\ntest 1\n(what 4 more steps of this loop printed was not recorded)\nstep 3", "reached 3")]
    public void ALoopKeepsItsFirstStepsAndItsFirstError(int failing, int capacity, string printed, string? error)
    {
        HostValue[] inputs = [HostValue.Of<int>([], failing), HostValue.Of<int>([], 0)];
        var recorded = Recorded(Counting, inputs, EffectLimits.Default with { Steps = capacity });
        Assert.Equal((printed, error), (recorded.Printed, recorded.Error));
        if (capacity == 5) Assert.Equal(Native(Counting, inputs).Printed, printed);
    }

    [Fact]
    public void NestedLoopsAreBoundedToo()
    {
        var program = MakeJaxpr(() => ForLoop(static (Tensor i) => ForLoop((Tensor j) =>
        {
            Debug.Print($"{i}{j}");
            JitErrorIf(i * 10 + j > 31, $"{i}{j} is too much");
            return j;
        }, Np.Arange(3), new() { Reverse = true }), Np.Arange(5)))().Program;
        HostValue[] inputs = [.. program.Inputs.Select(static spec => HostValue.Generate(spec, i => Scalar.Of(spec.DType, (long)i)))];
        var native = Native(program, inputs);
        Assert.Equal((native.Printed, native.Error), Recorded(program, inputs, EffectLimits.Default) is var whole ? (whole.Printed, whole.Error) : default);
        var recorded = Recorded(program, inputs, EffectLimits.Default with { Steps = 2 });
        Assert.StartsWith("02\n01\n(what 1 more steps of this loop printed was not recorded)\n12\n11\n", recorded.Printed, StringComparison.Ordinal);
        Assert.Equal(("32 is too much", "32 is too much"), (recorded.Error, native.Error));
    }

    [Fact]
    public void ABackendThatRefusesEffectsPrintsTheSame()
    {
        var state = new ParamState(Tensor.From<float>([1, 1]), "w"); // On the host, for two runtimes.
        Tensor Loss(Tensor x)
        {
            Debug.Print($"x {x}");
            var total = Scan((Tensor c, Tensor v) => { Debug.Print($"step {c:F1}"); return (c + v, v); }, Np.Array(0f), x * state.Value).Carry;
            Cond(total > 2, () => Debug.Print($"large {total}"), static () => Debug.Print("small"));
            return WhileLoopFree(total);
        }
        static Tensor WhileLoopFree(Tensor x) => BoundedWhileLoop(static v => v < 20, static v => { Debug.Print($"now {v}"); return v * 3; }, x, 8);
        void Run()
        {
            var step = Jit((Tensor x) => { Debug.Print("begin"); return Grad(Loss).Invoke(x); });
            step(new[] { 1f, 2f });
            Vmap((Tensor x) => Loss(x))(Tensor.From<float>([1, 2, 0.5f, 0.25f], [2, 2]));
            Debug.Print("end");
        }
        var native = Printing.Of(Run);
        Assert.StartsWith("begin x [1.0, 2.0] step 0.0 step 1.0 large 3.0 now 3.0 now 9.0 x", native, StringComparison.Ordinal);
        using var runtime = Refusing();
        Assert.Equal(native, Printing.In(runtime, Run));
    }

    [Fact]
    public void AnErrorIsThrownBeforeAnythingIsCommitted()
    {
        using var runtime = Refusing();
        using var scope = runtime.Enter();
        var state = new ParamState(Np.Zeros([]), "count");
        var step = Jit((Tensor limit) =>
        {
            state.Value = state.Value + 1;
            JitErrorIf(state.Value > limit, $"{state} is over {limit}");
            return state.Value;
        });
        Assert.Equal(1, step(2f).ToScalar<float>());
        Assert.Equal(2, step(2f).ToScalar<float>());
        Assert.Equal("3.0 is over 2.0", Assert.Throws<JitErrorException>(() => step(2f)).Message);
        Assert.Equal(2, state.Value.ToScalar<float>());
    }

    /// <summary>The backend <c>cpu</c>, but for effects.</summary>
    private static BrainStateRuntime Refusing() => StubFactory.Runtime("silent", factory: new(static _ => new SilentBackend()));

    private sealed class SilentBackend : IBackend
    {
        public BackendInfo Info { get; } = new("silent", "cpu", "1");

        public IReadOnlyList<IDevice> Devices => Backends.Cpu.Devices;

        public Support Supports(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) => op is DebugPrint or ErrorIf ? Support.No("It is silent.") : Backends.Cpu.Supports(op, inputs, device);

        public IBuffer FromHost(HostMemory data, TensorSpec spec, IDevice device) => Backends.Cpu.FromHost(data, spec, device);

        public IExecutable Compile(Program program, CompileOptions options) => Backends.Cpu.Compile(program, options);

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
