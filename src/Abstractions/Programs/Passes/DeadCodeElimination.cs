namespace BrainState.Programs.Passes;

/// <summary>Removes equations without effects whose results nobody reads. Inputs and outputs stay as they are.</summary>
public static class DeadCodeElimination
{
    /// <summary>An equivalent program without dead equations; the same object if there are none.</summary>
    public static Program Run(Program program)
    {
        var live = new bool[program.ValueCount];
        var keep = new bool[program.Equations.Length];
        foreach (var output in program.Outputs) Mark(output, live);
        for (var i = program.Equations.Length - 1; i >= 0; i--)
        {
            var equation = program.Equations[i];
            keep[i] = equation.Op.HasEffects || live.AsSpan(equation.FirstOutput, equation.Outputs.Length).Contains(true);
            if (!keep[i]) continue;
            foreach (var input in equation.Inputs) Mark(input, live);
        }
        return keep.AsSpan().Contains(false) ? ProgramRewriter.Rewrite(program, (i, _) => keep[i]) : program;
    }

    /// <summary>Which inputs of <paramref name="program"/> its outputs or effects depend on.</summary>
    public static bool[] UsedInputs(Program program)
    {
        var trimmed = Run(program);
        var used = new bool[program.ValueCount];
        foreach (var equation in trimmed.Equations)
            foreach (var input in equation.Inputs)
                if (!input.IsLiteral && input.Value < program.Inputs.Length)
                    used[input.Value] = true;
        foreach (var output in trimmed.Outputs)
            if (!output.IsLiteral && output.Value < program.Inputs.Length)
                used[output.Value] = true;
        return used[..program.Inputs.Length];
    }

    private static void Mark(Operand operand, bool[] live)
    {
        if (!operand.IsLiteral) live[operand.Value] = true;
    }
}
