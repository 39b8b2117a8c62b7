using BrainState.Programs;

namespace BrainState.Interpretation.Evaluation;

/// <summary>What all equations of one run share, in bodies too: options, cancellation, and the run's place among the replicas if there are several.</summary>
internal sealed record Execution(RuleTable Rules, InterpreterOptions Options, Replica? Replica, CancellationToken Cancellation)
{
    /// <summary>The outputs of a program for inputs that fit it.</summary>
    public HostValue[] Run(Program program, ReadOnlySpan<HostValue> inputs)
    {
        var values = new HostValue[program.ValueCount];
        inputs.CopyTo(values);
        HostValue Read(Operand operand) => operand.IsLiteral ? HostValue.Of(operand.Literal) : values[operand.Value];

        foreach (var equation in program.Equations)
        {
            Cancellation.ThrowIfCancellationRequested();
            var results = Rules[equation.Op](equation.Op, new Step([.. equation.Inputs.Select(Read)], equation.Outputs, this));
            CheckResults(equation, results);
            results.CopyTo(values, equation.FirstOutput);
        }
        return [.. program.Outputs.Select(Read)];
    }

    private static void CheckResults(Equation equation, HostValue[] results)
    {
        var actual = results.Select(static result => result.Spec);
        if (!actual.SequenceEqual(equation.Outputs))
            throw new InvalidOperationException(
                $"The rule of {equation.Op.Name} gave {string.Join(", ", actual)} instead of {string.Join(", ", equation.Outputs)}.");
    }
}
