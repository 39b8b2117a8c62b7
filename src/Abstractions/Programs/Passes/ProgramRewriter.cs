namespace BrainState.Programs.Passes;

/// <summary>Copies a program equation by equation, letting the caller replace or drop some.</summary>
public static class ProgramRewriter
{
    /// <summary>Emits a replacement of <paramref name="equation"/>, whose operands are now <paramref name="operands"/>; returns its results.</summary>
    public delegate Operand[] Replacement(ProgramBuilder builder, Equation equation, Operand[] operands);

    /// <summary>A copy in which each equation is what <paramref name="replace"/> made of it. Origins are kept.</summary>
    public static Program Rewrite(Program program, Replacement replace)
    {
        var builder = new ProgramBuilder();
        var map = new Operand[program.ValueCount];
        for (var i = 0; i < program.Inputs.Length; i++) map[i] = builder.AddInput(program.Inputs[i]);
        foreach (var equation in program.Equations)
        {
            builder.Origin = equation.Origin;
            replace(builder, equation, ProgramBuilder.Substitute(equation.Inputs, map)).CopyTo(map, equation.FirstOutput);
        }
        return builder.Build(ProgramBuilder.Substitute(program.Outputs, map));
    }

    /// <summary>A copy with only the equations for which <paramref name="keep"/> holds; no kept one may read a dropped one.</summary>
    public static Program Rewrite(Program program, Func<int, Equation, bool> keep)
    {
        var index = 0;
        return Rewrite(program, (builder, equation, operands) =>
            keep(index++, equation) ? builder.AddAll(equation.Op, operands) : []);
    }
}
