using BrainState.Ops;

namespace BrainState.Programs;

/// <summary>
/// Checks a program from outside, as a backend that received one may: every operand is defined before it is read, every equation
/// satisfies its op's labelled constraints, and every recorded spec is the inferred one. Bodies are checked too.
/// </summary>
public static class ProgramVerifier
{
    /// <summary>Throws if <paramref name="program"/> is malformed.</summary>
    /// <exception cref="ProgramFormatException">The message names the equation and what is wrong with it.</exception>
    public static void Verify(Program program)
    {
        var defined = program.Inputs.Length;
        for (var i = 0; i < program.Equations.Length; i++)
        {
            var equation = program.Equations[i];
            foreach (var operand in equation.Inputs) CheckDefined(operand, defined, $"equation {i} ({equation.Op.Name})");
            if (equation.FirstOutput != defined)
                throw new ProgramFormatException($"Equation {i} ({equation.Op.Name}) numbers its results from %{equation.FirstOutput}, but the next value is %{defined}.");

            TensorSpec[] inferred;
            try
            {
                inferred = equation.Op.Infer([.. equation.Inputs.Select(program.SpecOf)]);
            }
            catch (OpConstraintException violation)
            {
                throw new ProgramFormatException($"Equation {i}: {violation.Message}", violation);
            }
            if (!inferred.AsSpan().SequenceEqual(equation.Outputs.AsSpan()))
                throw new ProgramFormatException(
                    $"Equation {i} ({equation.Op.Name}) declares {string.Join(", ", equation.Outputs)}, but its op infers {string.Join(", ", inferred)}.");

            foreach (var body in equation.Op.Bodies) Verify(body);
            defined += equation.Outputs.Length;
        }
        foreach (var output in program.Outputs) CheckDefined(output, defined, "the outputs");
    }

    private static void CheckDefined(Operand operand, int defined, string where)
    {
        if (!operand.IsLiteral && operand.Value >= defined)
            throw new ProgramFormatException($"%{operand.Value} is read in {where} before it is defined.");
    }
}

/// <summary>A program, or the text of one, is malformed.</summary>
public sealed class ProgramFormatException : FormatException
{
    /// <summary>With a message that says where and what.</summary>
    public ProgramFormatException(string message, Exception? inner = null) : base(message, inner) { }
}
