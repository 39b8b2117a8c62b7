using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Passes;
using BrainState.Tracing;

namespace BrainState.Differentiation;

/// <summary>
/// Reverse-mode differentiation in two steps. <see cref="Linearize"/> runs the linearization rules with unknown tangents: what depends on primals alone is
/// computed at once, what depends on tangents becomes a linear program whose captured inputs are the residuals. <see cref="Transpose"/> then runs
/// that program backwards.
/// </summary>
internal static class ReverseMode
{
    private static readonly ProgramCache<ValueArray<bool>, Program> Gradients = new();
    private static readonly ProgramCache<(ValueArray<bool> Active, ValueArray<bool> Required), StagedDerivative> StagedDerivatives = new();

    /// <summary>The results of a program and its derivative at that point, as a linear program of the tangents of the active inputs.</summary>
    /// <param name="program">The program.</param>
    /// <param name="primals">The point.</param>
    /// <param name="active">Which inputs have tangents.</param>
    /// <param name="known">Results of equations, by number of the first, that are known already and need not be computed.</param>
    public static (Tensor[] Outputs, Linearized Derivative) Linearize(
        Program program, ReadOnlySpan<Tensor> primals, ValueArray<bool> active, IReadOnlyDictionary<int, Tensor>? known = null)
    {
        var inputs = primals.ToArray();
        Tensor[] outputs = [];
        int[] moving = [];
        var arguments = program.Inputs.Where((_, i) => active[i]).Select(static s => new Aval(s, false)).ToArray();
        var linear = Trace.Run(arguments, unknown =>
        {
            var next = 0;
            var tangents = active.Select(isActive => isActive ? unknown[next++] : null).ToArray();
            (outputs, var outputTangents) = ForwardMode.Evaluate(program, inputs, tangents, DerivativeRules.Linearization, known);
            moving = [.. Enumerable.Range(0, outputs.Length).Where(i => outputTangents[i] is not null)];
            return moving.Select(i => outputTangents[i]!).ToArray();
        }, isLinear: true);
        return (outputs, new Linearized(linear.Program, linear.Captures, moving));
    }

    /// <summary>Linearization as two programs, for bodies of other ops; outputs that are required to move get a tangent of zeros if they have none.</summary>
    public static StagedDerivative Stage(Program program, ValueArray<bool> active, ValueArray<bool> required) =>
        StagedDerivatives.GetOrAdd(program, (active, required), static (program, key) =>
        {
            Linearized? derivative = null;
            var forward = Trace.Run([.. program.Inputs.Select(static s => new Aval(s, false))], inputs =>
            {
                (var outputs, derivative) = Linearize(program, inputs, key.Active);
                return [.. outputs, .. derivative.Residuals];
            }).Program;

            var (linear, given) = (derivative!.Program, derivative.MovingOutputs);
            var isGiven = given.ToHashSet();
            var moving = Enumerable.Range(0, program.Outputs.Length).Select(i => isGiven.Contains(i) || key.Required[i]).ToValueArray();
            if (moving.Count(static m => m) > given.Length)
            {
                linear = Trace.Run([.. linear.Inputs.Select(static s => new Aval(s, false))], inputs =>
                {
                    var tangents = new Tensor?[moving.Count];
                    foreach (var (tangent, output) in ProgramFunction.Apply(derivative.Program, inputs).Zip(given)) tangents[output] = tangent;
                    return [.. Enumerable.Range(0, moving.Count).Where(i => moving[i]).Select(i => tangents[i] ?? DerivativeRules.Zeros(program.OutputSpecs[i]))];
                }).Program;
            }
            return Residuals.Reduce(new(forward, linear, derivative.Residuals.Length, moving));
        });

    /// <summary>
    /// The cotangents of the unknown inputs of a program that is linear in them, from those of its outputs, recorded in the current trace. An input that is
    /// null is unknown; a cotangent that is null is zero. What depends on known inputs alone is computed first.
    /// </summary>
    public static Tensor?[] Transpose(Program program, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor?> cotangents)
    {
        program = DeadCodeElimination.Run(program);
        var known = new Tensor?[program.ValueCount];
        inputs.CopyTo(known);
        var gathered = new Tensor?[program.ValueCount];
        var linear = new List<Equation>();
        var slices = new Dictionary<int, List<(Slice, Tensor)>>(); // Of each value, until all its readers have been met.
        using var origins = Origins.Derive();
        foreach (var equation in program.Equations)
        {
            origins.From(equation.Origin);
            Tensor?[] operands = ProgramFunction.Read(equation.Inputs, known!);
            if (operands.Contains(null)) linear.Add(equation);
            else Execution.Eager.Bind(equation.Op, operands!).CopyTo(known, equation.FirstOutput);
        }

        for (var i = 0; i < program.Outputs.Length; i++) Gather(program.Outputs[i], cotangents[i]);
        foreach (var equation in Enumerable.Reverse(linear))
        {
            origins.From(equation.Origin is { } origin ? origin with { IsBackward = true } : null);
            for (var i = 0; i < equation.Outputs.Length; i++) GatherSlices(equation.FirstOutput + i);
            var results = gathered.AsSpan(equation.FirstOutput, equation.Outputs.Length).ToArray();
            if (Array.TrueForAll(results, static c => c is null)) continue;
            if (equation.Op is Slice slice)
            {
                var sliced = equation.Inputs[0].Value;
                if (!slices.TryGetValue(sliced, out var all)) slices.Add(sliced, all = []);
                all.Add((slice, results[0]!));
                continue;
            }
            var operands = new LinearOperand[equation.Inputs.Length];
            for (var i = 0; i < operands.Length; i++) operands[i] = new(program.SpecOf(equation.Inputs[i]), Known(equation.Inputs[i]));
            var contributions = DerivativeRules.Transposes.For(equation.Op)(equation.Op, results, operands);
            for (var i = 0; i < operands.Length; i++)
                if (operands[i].IsLinear)
                    Gather(equation.Inputs[i], contributions[i]);
        }
        for (var i = 0; i < program.Inputs.Length; i++) GatherSlices(i);
        return gathered[..program.Inputs.Length];

        void GatherSlices(int value)
        {
            if (slices.Remove(value, out var all)) Gather(Operand.Of(value), SlicingRules.Transpose(program.SpecOf(value), all));
        }

        Tensor? Known(Operand operand) => operand.IsLiteral ? ProgramFunction.Literal(operand.Literal) : known[operand.Value];

        void Gather(Operand operand, Tensor? cotangent)
        {
            if (!operand.IsLiteral && known[operand.Value] is null) gathered[operand.Value] = DerivativeRules.Sum(gathered[operand.Value], cotangent);
        }
    }

    /// <summary>
    /// The program that takes the inputs of <paramref name="program"/> and returns its outputs, then the derivative of its first output, a real
    /// scalar or the sum of a real tensor, with respect to each active input.
    /// </summary>
    public static Program Gradient(Program program, ValueArray<bool> active) => Gradients.GetOrAdd(program, active, static (program, active) =>
        Trace.Run([.. program.Inputs.Select(static s => new Aval(s, false))], inputs =>
        {
            var (outputs, derivative) = Linearize(program, inputs, active);
            var cotangents = new Tensor?[outputs.Length];
            cotangents[0] = Lax.Full(outputs[0].Shape, 1, outputs[0].DType);
            var gradients = derivative.Pullback(cotangents);
            var specs = program.Inputs.Where((_, i) => active[i]).ToArray();
            return [.. outputs, .. gradients.Select((g, i) => g ?? DerivativeRules.Zeros(specs[i]))];
        }).Program);
}

/// <summary>The derivative of a function at a point: a linear program, its residuals, and which outputs of the function have tangents.</summary>
internal sealed record Linearized(Program Program, Tensor[] Residuals, int[] MovingOutputs)
{
    /// <summary>The cotangents of the active inputs, from one per output of the function (null is zero).</summary>
    public Tensor?[] Pullback(ReadOnlySpan<Tensor?> cotangents)
    {
        var moving = new Tensor?[MovingOutputs.Length];
        for (var i = 0; i < moving.Length; i++) moving[i] = cotangents[MovingOutputs[i]];
        var inputs = new Tensor?[Program.Inputs.Length];
        Residuals.CopyTo(inputs, 0);
        return ReverseMode.Transpose(Program, inputs, moving)[Residuals.Length..];
    }
}

/// <summary>
/// A linearization before the point is known. <see cref="Forward"/> takes the inputs of the original and returns its outputs, then residuals; <see cref="Linear"/> takes
/// the residuals, then a tangent for each active input, and returns a tangent for each moving output.
/// </summary>
internal sealed record StagedDerivative(Program Forward, Program Linear, int ResidualCount, ValueArray<bool> Moving);
