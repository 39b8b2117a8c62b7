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
        var map = new Operand[program.ValueCount];
        var isSame = true;
        for (var i = 0; i < program.Inputs.Length; i++) map[i] = builder.AddInput(program.Inputs[i]);
        foreach (var equation in program.Equations)
        {
            builder.Origin = equation.Origin;
            var operands = ProgramBuilder.Substitute(equation.Inputs, map);
            var replaced = replace(builder, equation, operands.AsSpan());
            isSame &= replaced is null;
            if (replaced is not null) replaced.CopyTo(map, equation.FirstOutput);
            else builder.AddAgain(program, equation, operands).WriteResults(map, equation.FirstOutput);
        }
        return isSame && builder.EquationCount == program.Equations.Length ? program : builder.Build(ProgramBuilder.Substitute(program.Outputs, map).AsSpan());
    }

    /// <summary>A copy with only the equations for which <paramref name="keep"/> holds; no kept one may read a dropped one. The same object if all are kept.</summary>
    public static Program Rewrite(Program program, Func<int, Equation, bool> keep)
    {
        var index = 0;
        return Rewrite(program, (_, equation, _) => keep(index++, equation) ? null : []);
    }
}
