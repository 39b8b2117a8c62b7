using BrainState.Programs;
using BrainState.Programs.Passes;

namespace BrainState.Differentiation;

/// <summary>The same computation with other inputs and outputs.</summary>
internal static class ProgramParts
{
    /// <summary>
    /// A program whose inputs are those of <paramref name="program"/> in another order, and whose outputs are the chosen ones. What these do not need is left
    /// out; an input that <paramref name="inputs"/> lacks must be one of that.
    /// </summary>
    public static Program Select(Program program, IReadOnlyList<int> inputs, IEnumerable<int> outputs)
    {
        var builder = new ProgramBuilder();
        var arguments = new Operand[program.Inputs.Length];
        foreach (var input in inputs) arguments[input] = builder.AddInput(program.Inputs[input]);
        var missing = Enumerable.Range(0, arguments.Length).Except(inputs).Select(input => arguments[input] = builder.AddInput(program.Inputs[input])).ToArray();
        var results = builder.Inline(program, arguments);
        var selected = DeadCodeElimination.Run(builder.Build([.. outputs.Select(output => results[output])]));
        return missing.Length == 0 ? selected : WithoutLastInputs(selected, missing.Length);
    }

    /// <summary>Whether each value of a program depends on one of the given inputs.</summary>
    public static bool[] DependsOn(Program program, Func<int, bool> isGiven)
    {
        var depends = new bool[program.ValueCount];
        for (var i = 0; i < program.Inputs.Length; i++) depends[i] = isGiven(i);
        foreach (var equation in program.Equations)
            if (equation.Op.HasEffects || equation.Inputs.Any(input => !input.IsLiteral && depends[input.Value]))
                depends.AsSpan(equation.FirstOutput, equation.Outputs.Length).Fill(true);
        return depends;
    }

    private static Program WithoutLastInputs(Program program, int count)
    {
        var builder = new ProgramBuilder();
        var arguments = new Operand[program.Inputs.Length];
        for (var i = 0; i < arguments.Length - count; i++) arguments[i] = builder.AddInput(program.Inputs[i]);
        return builder.Build(builder.Inline(program, arguments));
    }
}
