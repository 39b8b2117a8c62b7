using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Rules;
using BrainState.Programs;

namespace BrainState.Interpretation;

/// <summary>
/// The executable specification of the ops: runs a <see cref="Program"/> one equation at a time, in float64, exact integers or complex128, and
/// rounds the results to their dtype after each equation. It is meant to be read and to be right, not to be fast.
/// </summary>
public static class Interpreter
{
    private static readonly RuleTable Table = Families();

    /// <summary>The types of the ops that have a rule.</summary>
    public static IReadOnlyCollection<Type> Ops => Table.Ops;

    /// <summary>The outputs of <paramref name="program"/> for the given inputs.</summary>
    /// <exception cref="ArgumentException">The inputs are not those that the program declares.</exception>
    /// <exception cref="NotSupportedException">An op has no rule.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested; it is honoured between equations.</exception>
    public static HostValue[] Run(Program program, ReadOnlySpan<HostValue> inputs, CancellationToken cancellationToken = default)
    {
        CheckInputs(program, inputs);
        var values = new HostValue[program.ValueCount];
        inputs.CopyTo(values);
        HostValue Read(Operand operand) => operand.IsLiteral ? HostValue.Of(operand.Literal) : values[operand.Value];

        foreach (var equation in program.Equations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = new Step([.. equation.Inputs.Select(Read)], equation.Outputs, cancellationToken);
            var results = Table[equation.Op](equation.Op, step);
            CheckResults(equation, results);
            results.CopyTo(values, equation.FirstOutput);
        }
        return [.. program.Outputs.Select(Read)];
    }

    private static void CheckInputs(Program program, ReadOnlySpan<HostValue> inputs)
    {
        if (inputs.Length != program.Inputs.Length)
            throw new ArgumentException($"The program takes {program.Inputs.Length} inputs, but {inputs.Length} were given.", nameof(inputs));
        for (var i = 0; i < inputs.Length; i++)
            if (inputs[i].Spec != program.Inputs[i])
                throw new ArgumentException($"Input {i} must be {program.Inputs[i]}, but is {inputs[i].Spec}.", nameof(inputs));
    }

    private static void CheckResults(Equation equation, HostValue[] results)
    {
        var actual = results.Select(static result => result.Spec);
        if (!actual.SequenceEqual(equation.Outputs))
            throw new InvalidOperationException(
                $"The rule of {equation.Op.Name} gave {string.Join(", ", actual)} instead of {string.Join(", ", equation.Outputs)}.");
    }

    private static RuleTable Families()
    {
        var table = new RuleTable();
        ArithmeticRules.AddTo(table);
        FunctionRules.AddTo(table);
        BitwiseRules.AddTo(table);
        ComparisonRules.AddTo(table);
        SelectionRules.AddTo(table);
        ConversionRules.AddTo(table);
        ShapingRules.AddTo(table);
        SlicingRules.AddTo(table);
        ReductionRules.AddTo(table);
        ProductRules.AddTo(table);
        SortRules.AddTo(table);
        RandomRules.AddTo(table);
        ControlFlowRules.AddTo(table);
        return table;
    }
}
