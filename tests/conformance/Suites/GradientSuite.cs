using BrainState.Conformance.Generation;
using BrainState.Conformance.Gradients;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>
/// Derivatives of every op: in float64 and complex128 against differences and against each other, on functions written for the op and on any parameters and shapes; and what reverse
/// mode makes of the op in smaller dtypes, equation by equation.
/// </summary>
internal static class GradientSuite
{
    /// <summary>The suite.</summary>
    public static ConformanceSuite Suite { get; } = new("gradients", "derivatives of every op against differences and each other; reverse mode in float32 and complex64, step by step", Generate);

    private static readonly string[] Elementwise = [.. OpGenerators.Elementwise.Select(static op => op.Name).Distinct()];
    private static readonly string[] Flat = [.. OpSuite.Ops.Except(BodyOpGenerators.Table.Keys).Except(AlgebraGenerators.Table.Keys.Except(["fft"]))];

    /// <summary>Ops whose parameters and shapes matter more than their values. Bits have no derivative, though they may change with x.</summary>
    private static readonly string[] Structured = [.. Flat.Except(Elementwise).Except(["bitcast_convert_type"])];

    /// <summary>Bodies of smooth functions, and of choices.</summary>
    private static readonly string[] InBodies =
        ["add", "sub", "mul", "neg", "sin", "tanh", "logistic", "atan", "max", "select_n", "lt", "transpose", "reduce_sum", "broadcast_in_dim", "concatenate", "slice"];

    private static readonly string[] WithBodies = ["scan", "cond", "call", "checkpoint"];

    private static IEnumerable<ConformanceCase> Generate(int seed) =>
    [
        .. Written(seed),
        .. Generated(seed, "float64", 12, [DType.Float64, DType.Int32, DType.Bool]),
        .. Generated(seed, "complex128", 4, [DType.Complex128, DType.Complex128, DType.Float64, DType.Int32, DType.Bool]),
        .. Bodies(seed),
        .. Pullbacks(seed, DType.Float32, 6, [DType.Float32, DType.Int32, DType.Bool]),
        .. Pullbacks(seed, DType.Complex64, 3, [DType.Complex64, DType.Complex64, DType.Float32, DType.Int32, DType.Bool]),
    ];

    private static IEnumerable<ConformanceCase> Written(int seed) =>
        from op in OpCases.All.GroupBy(static c => c.Op)
        from numbered in op.Index()
        let name = $"gradients/{op.Key}/{numbered.Index}"
        let item = numbered.Item
        select new ProgramCase(name, () =>
        {
            var (program, captures) = Traced.Of(x => [item.Function(x)], item.Arguments);
            return (program, [.. captures, .. Values.Between(item.Arguments, item.Low, item.High, Seeds.Of(seed, name))]);
        }, ProgramCheck.Gradient(2e-6, second: !item.Shapes.Any(static s => s.Rank > 2), last: item.Shapes.Count))
        {
            Subject = op.Key,
            DType = DType.Float64,
            IsQuick = numbered.Index == 0,
        };

    private static IEnumerable<ConformanceCase> Generated(int seed, string family, int count, DType[] dtypes)
    {
        foreach (var op in Structured)
            for (var number = 0; number < count; number++)
            {
                var name = $"gradients/{op}/{family}/{number}";
                var caseSeed = Seeds.Of(seed, name);
                if (TryProgram(caseSeed, op, dtypes, mayBeEmpty: number % 4 == 0) is not { } program) continue;
                var isSmall = program.Inputs.Where(static s => s.DType.IsDifferentiable).Sum(static s => s.ElementCount) < 12;
                yield return new ProgramCase(name, program, () => Values.Moderate(program.Inputs, caseSeed), ProgramCheck.Gradient(1e-5, second: isSmall)) { Subject = op, DType = dtypes[0] };
            }
    }

    private static IEnumerable<ConformanceCase> Bodies(int seed)
    {
        foreach (var op in WithBodies)
            for (var number = 0; number < 20; number++)
            {
                var name = $"gradients/{op}/float64/{number}";
                var caseSeed = Seeds.Of(seed, name);
                var program = Enumerable.Range(0, 50).Select(attempt => new ProgramGenerator(caseSeed + attempt)
                {
                    Ops = [.. InBodies, .. WithBodies], DTypes = [DType.Float64, DType.Float64, DType.Float64, DType.Int32, DType.Bool], TameNames = true, TameLiterals = true,
                }.TryOnly(op)).FirstOrDefault(static p => p is not null && IsDifferentiable(p));
                if (program is null) continue;
                yield return new ProgramCase(name, program, () => Values.Moderate(program.Inputs, caseSeed), ProgramCheck.Gradient(1e-5)) { Subject = op, DType = DType.Float64 };
            }
    }

    private static IEnumerable<ConformanceCase> Pullbacks(int seed, DType dtype, int count, DType[] dtypes)
    {
        foreach (var op in Flat)
            for (var number = 0; number < count; number++)
            {
                var name = $"gradients/{op}/{dtype.Name}/{number}";
                var caseSeed = Seeds.Of(seed, name);
                if (TryProgram(caseSeed, op, dtypes, mayBeEmpty: number == 2) is not { } program) continue;
                Func<IEnumerable<TensorSpec>, int, HostValue[]> inputs = number % 2 == 0 ? Values.Tame : Values.Special;
                yield return new ProgramCase(name, () =>
                {
                    var pullback = Traced.Pullback(program);
                    return (pullback, inputs(pullback.Inputs, caseSeed));
                }, ProgramCheck.Steps) { Subject = op, DType = dtype };
            }
    }

    /// <summary>A program of the op that has a derivative by the first of the dtypes; null if there is none.</summary>
    private static Program? TryProgram(int seed, string op, DType[] dtypes, bool mayBeEmpty)
    {
        for (var attempt = 0; attempt < 20; attempt++)
            if (new ProgramGenerator(seed + attempt) { Ops = [op], DTypes = dtypes, EmptyShapes = mayBeEmpty, TameLiterals = true }.TryOnly(op) is { } program
                && IsDifferentiable(program) && program.Inputs.Any(s => s.DType == dtypes[0]) && Moderated(program) is { } moderated)
                return moderated;
        return null;
    }

    /// <summary>Whether there is something to differentiate, and by something.</summary>
    private static bool IsDifferentiable(Program program) =>
        program.Inputs.Any(static s => s.DType.IsDifferentiable) && program.OutputSpecs.Any(static s => s.DType.IsDifferentiable);

    /// <summary>The program without infinite results, which have no differences, and without promises that random positions do not keep; null if it needs them.</summary>
    private static Program? Moderated(Program program)
    {
        var builder = new ProgramBuilder();
        var inputs = program.Inputs.Select(builder.AddInput).ToArray();
        var equation = program.Equations[^1];
        if (equation.Op is ScatterMul { UniqueIndices: false }) return null;
        // At its bounds the derivative of clamp is 0 by definition, and no number may be its own bound.
        Operand[] operands = [.. equation.Inputs.Select(operand => operand.IsLiteral ? operand : equation.Op is Clamp ? builder.AddInput(program.SpecOf(operand)) : inputs[operand.Value])];
        var results = builder.AddAll(equation.Op switch
        {
            ScatterMul scatter => scatter,
            Scattering scatter => scatter with { UniqueIndices = false },
            Gather gather => gather with { FillValue = 0.5 },
            var other => other,
        }, operands);
        // The extreme of nothing, or of padding alone, is infinite.
        if (equation.Op is ReduceMax or ReduceMin or ReduceWindowMax or ReduceWindowMin or Reduce or ReduceWindow)
            results = [.. results.Select(result => Clamped(builder, result))];
        return builder.Build(results);
    }

    private static Operand Clamped(ProgramBuilder builder, Operand value)
    {
        var dtype = builder.SpecOf(value).DType;
        return dtype.IsFloating ? builder.Add(new Clamp(), Operand.Of(Scalar.Of(dtype, -9.0)), value, Operand.Of(Scalar.Of(dtype, 9.0))) : value;
    }
}
