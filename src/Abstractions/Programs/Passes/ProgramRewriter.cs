namespace BrainState.Programs.Passes;

/// <summary>Copies a program equation by equation, letting the caller replace or drop some.</summary>
public static class ProgramRewriter
{
    /// <summary>
    /// Emits a replacement of <paramref name="equation"/>, whose operands are now <paramref name="operands"/>; returns its results, or null to keep the equation.
    /// </summary>
    public delegate Operand[]? Replacement(ProgramBuilder builder, Equation equation, ReadOnlySpan<Operand> operands);

    /// <summary>A copy in which each equation is what <paramref name="replace"/> made of it; the same object if it kept them all. Origins are kept.</summary>
    public static Program Rewrite(Program program, Replacement replace)
    {
        var builder = new ProgramBuilder(program);
        using var map = new OperandMap(program.ValueCount);
        for (var i = 0; i < program.Inputs.Length; i++) map[i] = builder.AddInput(program.Inputs[i]);
        foreach (var equation in program.Equations)
        {
            builder.Origin = equation.Origin;
            var operands = map.Of(equation.Inputs);
            var replaced = replace(builder, equation, operands.AsSpan());
            if (replaced is not null) map.Set(equation.FirstOutput, replaced);
            else map.Set(equation.FirstOutput, builder.AddAgain(program, equation, operands));
        }
        return builder.Build(map.Of(program.Outputs).AsSpan());
    }

    /// <summary>A copy with only the equations for which <paramref name="keep"/> holds; no kept one may read a dropped one. The same object if all are kept.</summary>
    public static Program Rewrite(Program program, Func<int, Equation, bool> keep)
    {
        var index = 0;
        return Rewrite(program, (_, equation, _) => keep(index++, equation) ? null : []);
    }
}
