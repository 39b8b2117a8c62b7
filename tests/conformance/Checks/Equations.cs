using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>Programs equation by equation.</summary>
internal static class Equations
{
    /// <summary>The program with all that its equations compute as outputs.</summary>
    public static Program WithAllValues(Program program)
    {
        var builder = Copy(program);
        return builder.Build([.. Enumerable.Range(program.Inputs.Length, program.ValueCount - program.Inputs.Length).Select(Operand.Of)]);
    }

    /// <summary>The program with all that its equations compute and none reads as outputs.</summary>
    public static Program WithUnreadValues(Program program)
    {
        var read = program.Equations.SelectMany(static equation => equation.Inputs).Where(static o => !o.IsLiteral).Select(static o => o.Value).ToHashSet();
        return Copy(program).Build([.. Enumerable.Range(program.Inputs.Length, program.ValueCount - program.Inputs.Length).Where(value => !read.Contains(value)).Select(Operand.Of)]);
    }

    /// <summary>A builder with the inputs and equations of a program, numbered as in it.</summary>
    public static ProgramBuilder Copy(Program program)
    {
        var builder = new ProgramBuilder();
        foreach (var input in program.Inputs) builder.AddInput(input);
        foreach (var equation in program.Equations) builder.AddAll(equation.Op, equation.Inputs.AsSpan());
        return builder;
    }

    /// <summary>The operands of an equation.</summary>
    /// <param name="equation">The equation.</param>
    /// <param name="values">The values of its program.</param>
    public static HostValue[] OperandsOf(Equation equation, IReadOnlyList<HostValue> values) =>
        [.. equation.Inputs.Select(o => o.IsLiteral ? HostValue.Of(o.Literal) : values[o.Value])];

    /// <summary>Judges each equation by its operands and results.</summary>
    /// <param name="program">The program.</param>
    /// <param name="values">All its values.</param>
    /// <param name="check">Takes op, operands and results.</param>
    public static Deviation Each(Program program, HostValue[] values, Func<Op, HostValue[], HostValue[], Deviation> check)
    {
        var deviation = Deviation.None;
        foreach (var equation in program.Equations)
        {
            var results = values[equation.FirstOutput..(equation.FirstOutput + equation.Outputs.Length)];
            try
            {
                deviation = deviation.Or(check(equation.Op, OperandsOf(equation, values), results));
            }
            catch (ConformanceException failure)
            {
                throw new ConformanceException($"{equation.Op.Name}: {failure.Message}", failure);
            }
        }
        return deviation;
    }

    /// <summary>Whether a program has an equation of the op, in bodies too.</summary>
    public static bool Contain<TOp>(Program program) where TOp : Op => program.Equations.Any(static equation => equation.Op is TOp || equation.Op.Bodies.Any(Contain<TOp>));

    /// <summary>Whether nothing in a program is rounded more than once, so that every backend and every order gives the same bits.</summary>
    public static bool AreExact(Program program) => program.Equations.All(equation => equation.Op.Bodies.Any()
        ? equation.Op.Bodies.All(AreExact)
        : equation.Inputs.Select(program.SpecOf).Concat(equation.Outputs).Any(static s => s.DType.Is(DTypeKinds.Complex)) ? Closeness.IsExactForComplex(equation.Op)
        : Closeness.IsExact(equation.Op) || equation.Outputs.All(static o => o.DType.Is(DTypeKinds.Bitwise)));
}
