using BrainState.Programs;
using BrainState.Programs.Passes;
using BrainState.Tracing;

namespace BrainState.Differentiation;

/// <summary>
/// Reverse-mode differentiation in two steps. <see cref="Linearize"/> runs the jvp rules with unknown tangents: what depends on primals alone is
/// computed at once, what depends on tangents becomes a linear program whose captured inputs are the residuals. <see cref="Transpose"/> then runs
/// that program backwards.
/// </summary>
internal static class ReverseMode
{
    private static readonly ProgramCache<ValueArray<bool>, Program> Cache = new();

    /// <summary>The results of a program and its derivative at that point, as a linear program of the tangents of the active inputs.</summary>
    public static (Tensor[] Outputs, Linearized Derivative) Linearize(Program program, ReadOnlySpan<Tensor> primals, ValueArray<bool> active)
    {
        var known = primals.ToArray();
        Tensor[] outputs = [];
        int[] moving = [];
        var arguments = program.Inputs.Where((_, i) => active[i]).Select(static s => new Aval(s, false)).ToArray();
        var linear = Trace.Run(arguments, inputs =>
        {
            var next = 0;
            var tangents = active.Select(isActive => isActive ? inputs[next++] : null).ToArray();
            (outputs, var outputTangents) = ForwardMode.Evaluate(program, known, tangents);
            moving = [.. Enumerable.Range(0, outputs.Length).Where(i => outputTangents[i] is not null)];
            return moving.Select(i => outputTangents[i]!).ToArray();
        }, isLinear: true);
        return (outputs, new Linearized(linear.Program, linear.Captures, moving));
    }

    /// <summary>
    /// The cotangents of the inputs of a linear program, from those of its outputs, recorded in the current trace. The first inputs are known:
    /// <paramref name="residuals"/>. A null cotangent is zero.
    /// </summary>
    public static Tensor?[] Transpose(Program program, ReadOnlySpan<Tensor> residuals, ReadOnlySpan<Tensor?> cotangents)
    {
        program = DeadCodeElimination.Run(program);
        var known = residuals.ToArray();
        var gathered = new Tensor?[program.ValueCount];
        for (var i = 0; i < program.Outputs.Length; i++)
            if (!program.Outputs[i].IsLiteral)
                Gather(program.Outputs[i], cotangents[i]);

        foreach (var equation in program.Equations.Reverse())
        {
            var results = gathered.AsSpan(equation.FirstOutput, equation.Outputs.Length).ToArray();
            if (results.All(static c => c is null)) continue;
            var operands = equation.Inputs.Select(input => new LinearOperand(program.SpecOf(input), Known(input))).ToArray();
            var contributions = DerivativeRules.Transposes.For(equation.Op)(equation.Op, results, operands);
            for (var i = 0; i < operands.Length; i++)
                if (operands[i].IsLinear)
                    Gather(equation.Inputs[i], contributions[i]);
        }
        return gathered[known.Length..program.Inputs.Length];

        Tensor? Known(Operand operand) => operand.IsLiteral ? ProgramFunction.Literal(operand.Literal) : operand.Value < known.Length ? known[operand.Value] : null;

        void Gather(Operand operand, Tensor? cotangent)
        {
            if (operand.Value >= known.Length) gathered[operand.Value] = DerivativeRules.Sum(gathered[operand.Value], cotangent);
        }
    }

    /// <summary>
    /// The program that takes the inputs of <paramref name="program"/> and returns its outputs, then the derivative of its first output, a real
    /// scalar, with respect to each active input.
    /// </summary>
    public static Program Gradient(Program program, ValueArray<bool> active) => Cache.GetOrAdd(program, active, static (program, active) =>
        Trace.Run([.. program.Inputs.Select(static s => new Aval(s, false))], inputs =>
        {
            var (outputs, derivative) = Linearize(program, inputs, active);
            var cotangents = new Tensor?[outputs.Length];
            cotangents[0] = Lax.ConvertElementType(1, outputs[0].DType);
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
        return ReverseMode.Transpose(Program, Residuals, moving);
    }
}
