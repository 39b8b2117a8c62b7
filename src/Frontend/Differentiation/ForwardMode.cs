using System.Collections.Immutable;
using BrainState.Programs;
using BrainState.Tracing;

namespace BrainState.Differentiation;

/// <summary>Forward-mode differentiation of programs: every equation is replaced by its rule in the jvp table.</summary>
internal static class ForwardMode
{
    private static readonly ProgramCache<(ValueArray<bool> Active, ValueArray<bool> Required), Tangents> Cache = new();

    /// <summary>Results and tangents of <paramref name="program"/>, recorded in the current trace. A null tangent is zero.</summary>
    public static (Tensor[] Outputs, Tensor?[] Tangents) Evaluate(Program program, ReadOnlySpan<Tensor> primals, ReadOnlySpan<Tensor?> tangents) =>
        Evaluate(program, primals, tangents, DerivativeRules.Jvps.For);

    /// <summary>As <see cref="Evaluate(Program, ReadOnlySpan{Tensor}, ReadOnlySpan{Tensor?})"/>, with the rules of another table of the same form.</summary>
    /// <param name="program">The program.</param>
    /// <param name="primals">Its inputs.</param>
    /// <param name="tangents">Their tangents.</param>
    /// <param name="ruleOf">The rule of an op.</param>
    /// <param name="known">Results of equations, by number of the first, that are known already and replace computed ones.</param>
    public static (Tensor[] Outputs, Tensor?[] Tangents) Evaluate(
        Program program, ReadOnlySpan<Tensor> primals, ReadOnlySpan<Tensor?> tangents, Func<Ops.Op, JvpRule> ruleOf, IReadOnlyDictionary<int, Tensor>? known = null)
    {
        var values = new Tensor[program.ValueCount];
        var derivatives = new Tensor?[program.ValueCount];
        primals.CopyTo(values);
        tangents.CopyTo(derivatives);

        using var origins = Origins.Derive();
        foreach (var equation in program.Equations)
        {
            origins.From(equation.Origin);
            var inputs = ProgramFunction.Read(equation.Inputs, values);
            var inputTangents = Tangents(equation.Inputs);
            if (Array.TrueForAll(inputTangents, static t => t is null))
            {
                Execution.Eager.Bind(equation.Op, inputs).CopyTo(values, equation.FirstOutput);
            }
            else
            {
                var (outputs, outputTangents) = ruleOf(equation.Op)(equation.Op, inputs, inputTangents);
                outputs.CopyTo(values, equation.FirstOutput);
                outputTangents.CopyTo(derivatives, equation.FirstOutput);
            }
            if (known?.GetValueOrDefault(equation.FirstOutput) is { } given) values[equation.FirstOutput] = given;
        }
        return (ProgramFunction.Read(program.Outputs, values), Tangents(program.Outputs));

        Tensor?[] Tangents(ImmutableArray<Operand> operands)
        {
            var read = new Tensor?[operands.Length];
            for (var i = 0; i < read.Length; i++) read[i] = operands[i].IsLiteral ? null : derivatives[operands[i].Value];
            return read;
        }
    }

    /// <summary>
    /// The program that takes the inputs of <paramref name="program"/> and a tangent for each active one, and returns its outputs, then a tangent for
    /// each output that has one or is required to.
    /// </summary>
    public static Tangents Jvp(Program program, ValueArray<bool> active, ValueArray<bool> required) => Cache.GetOrAdd(program, (active, required), static (program, key) =>
    {
        var count = program.Inputs.Length;
        ValueArray<bool> moving = default;
        Aval[] arguments =
        [
            .. program.Inputs.Select(static s => new Aval(s, false)),
            .. program.Inputs.Where((_, i) => key.Active[i]).Select(static s => new Aval(s, false)),
        ];
        var traced = Trace.Run(arguments, inputs =>
        {
            var next = count;
            var tangents = key.Active.Select(isActive => isActive ? inputs[next++] : null).ToArray();
            var (outputs, outputTangents) = Evaluate(program, inputs.AsSpan(0, count), tangents);
            moving = outputTangents.Select((t, i) => t is not null || key.Required[i]).ToValueArray();
            return [.. outputs, .. Enumerable.Range(0, outputs.Length).Where(i => moving[i]).Select(i => outputTangents[i] ?? DerivativeRules.Zeros(outputs[i].Spec))];
        });
        return new Tangents(traced.Program, moving);
    });
}

/// <summary>A program in forward mode, and which of the original's outputs it gives tangents for.</summary>
internal sealed record Tangents(Program Program, ValueArray<bool> Moving);
