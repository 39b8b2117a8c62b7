using BrainState.Conformance;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.UnitTests.Generators;

namespace BrainState.UnitTests.Interpretation;

/// <summary>The interpreter against the backend <c>cpu</c>, which shares no code with it, on random programs and values.</summary>
public class DifferentialTests
{
    private static readonly DType[] Real = [.. DType.All.Where(static dtype => !dtype.Is(DTypeKinds.Complex))];
    private static readonly string[] BodyOps = [.. BodyOpGenerators.Table.Keys];
    private static readonly string[] FlatOps = [.. OpGenerators.WithoutAxis.Except(BodyOps).Except(Factorisations).Where(IsSupportedSometimes)];

    /// <summary>Results that are unique only in part, or not at all near singular matrices; they have tests of their own.</summary>
    private static string[] Factorisations => ["cholesky", "qr", "lu", "eigh", "svd", "triangular_solve"];

    public static TheoryData<string> Ops => [.. FlatOps];

    [Theory, MemberData(nameof(Ops))]
    public void EveryOpAgrees(string op) => Property.Check(80, seed =>
        CheckSteps(new ProgramGenerator(seed) { Ops = FlatOps, MaxEquations = 1, TameNames = true }.NextWith(op), seed));

    [Fact]
    public void EveryStepOfAProgramAgrees() => Property.Check(1500, seed =>
        CheckSteps(new ProgramGenerator(seed) { Ops = FlatOps, MaxSize = 9, TameNames = true }.Next(), seed));

    /// <summary>Where nothing but single roundings happens, whole programs agree to the last bit, loops and branches included.</summary>
    [Fact]
    public void ExactProgramsAgree()
    {
        string[] ops = [.. FlatOps.Where(IsExact), .. BodyOps, .. BodyOps];
        Property.Check(1500, seed => CheckWhole(new ProgramGenerator(seed) { DTypes = Real, Ops = ops, TameNames = true }.Next(), seed));
    }

    /// <summary>The same with complex numbers, of which fewer ops are exact.</summary>
    [Fact]
    public void ExactComplexProgramsAgree()
    {
        string[] ops = [.. FlatOps.Where(IsExact).Except(["mul", "div", "sign", "square", "sqrt", "abs", "scatter_mul"]), .. BodyOps, .. BodyOps];
        DType[] dtypes = [DType.Complex64, DType.Complex128, DType.Complex64, DType.Complex128, .. Real];
        Property.Check(1500, seed => CheckWhole(new ProgramGenerator(seed) { DTypes = dtypes, Ops = ops, TameNames = true }.Next(), seed));
    }

    /// <summary>On integers and bools everything is exact.</summary>
    [Fact]
    public void IntegerProgramsAgree()
    {
        DType[] dtypes = [.. DType.All.Where(static dtype => dtype.Is(DTypeKinds.Bitwise))];
        string[] ops = [.. FlatOps.Except(["rem"]), .. BodyOps, .. BodyOps];
        Property.Check(1500, seed => CheckWhole(new ProgramGenerator(seed) { DTypes = dtypes, Ops = ops, TameNames = true }.Next(), seed));
    }

    private static bool IsExact(string name) =>
        name is not ("round" or "clamp") && OpGenerators.Elementwise.FirstOrDefault(op => op.Name == name) is { } op
            ? Closeness.IsExact(op)
            : name is not ("integer_pow" or "reduce_sum" or "reduce_prod" or "dot_general" or "cumsum" or "cumprod" or "cumlogsumexp" or "reduce_window_sum"
            or "conv_general_dilated" or "select_and_scatter_add" or "fft");

    private static bool IsSupportedSometimes(string name) => Enumerable.Range(0, 20).Any(seed =>
    {
        var program = new ProgramGenerator(seed) { MaxEquations = 0 }.NextWith(name);
        return program.Equations.All(equation => equation.Op.Name != name || IsSupported(program, equation));
    });

    /// <summary>Whether the backend runs the equation as it is; it may leave what the frontend decomposes or refuses.</summary>
    private static bool IsSupported(Program program, Equation equation) =>
        BodyOps.Contains(equation.Op.Name)
            ? equation.Op.Bodies.All(static body => body.Equations.All(inner => IsSupported(body, inner)))
            : Backends.Cpu.Supports(equation.Op, [.. equation.Inputs.Select(program.SpecOf)], Backends.Cpu.Devices[0]).IsSupported;

    private static void CheckWhole(Program program, int seed)
    {
        if (!program.Equations.All(equation => IsSupported(program, equation))) return;
        program = Contractual(program);
        var inputs = RandomInputs(program, seed);
        var difference = Closeness.ExactDifference(Interpreter.Run(program, inputs), CaseRunner.Execute(Backends.Cpu, program, inputs));
        Assert.True(difference is null, $"{difference}\n{program.ToFullText()}");
    }

    /// <summary>The program with only those outputs that the contract lets a backend see: computed ones, each once.</summary>
    private static Program Contractual(Program program)
    {
        var builder = new ProgramBuilder();
        foreach (var input in program.Inputs) builder.AddInput(input);
        foreach (var equation in program.Equations) builder.AddAll(equation.Op, equation.Inputs.AsSpan());
        return builder.Build([.. program.Outputs.Where(o => !o.IsLiteral && o.Value >= program.Inputs.Length).Distinct()]);
    }

    /// <summary>Runs the program on the backend with all its values as outputs, and each equation alone on the interpreter, so that errors do not add up.</summary>
    private static void CheckSteps(Program program, int seed)
    {
        if (!program.Equations.All(equation => IsSupported(program, equation))) return;
        var inputs = RandomInputs(program, seed);
        var values = inputs.Concat(CaseRunner.Execute(Backends.Cpu, WithAllValues(program), inputs)).ToArray();
        foreach (var equation in program.Equations)
        {
            HostValue[] operands = [.. equation.Inputs.Select(o => o.IsLiteral ? HostValue.Of(o.Literal) : values[o.Value])];
            var results = values[equation.FirstOutput..(equation.FirstOutput + equation.Outputs.Length)];
            var difference = Closeness.Difference(equation.Op, operands, results);
            Assert.True(difference is null,
                $"{equation.Op}: {difference} for {string.Join(", ", operands.Select(static o => o.ToString()))}\n{program.ToFullText()}");
        }
    }

    /// <summary>The program with all but its inputs as outputs.</summary>
    private static Program WithAllValues(Program program)
    {
        var builder = new ProgramBuilder();
        foreach (var input in program.Inputs) builder.AddInput(input);
        foreach (var equation in program.Equations) builder.AddAll(equation.Op, equation.Inputs.AsSpan());
        return builder.Build([.. Enumerable.Range(program.Inputs.Length, program.ValueCount - program.Inputs.Length).Select(Operand.Of)]);
    }

    /// <summary>Small numbers for half of the seeds, anything for the others.</summary>
    private static HostValue[] RandomInputs(Program program, int seed)
    {
        var random = new Random(seed);
        return [.. program.Inputs.Select(spec => HostValue.Generate(spec, _ =>
            seed % 2 == 0 ? ScalarGenerator.Tame(random, spec.DType) : ScalarGenerator.Any(random, spec.DType)))];
    }
}
