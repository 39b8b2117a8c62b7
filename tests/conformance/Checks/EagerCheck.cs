using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.Conformance;

internal sealed record EagerCheck : ProgramCheck
{
    public override string ToString() => "eager";

    public override Deviation Verify(ConformanceTarget target, Program program, HostValue[] inputs)
    {
        if (Equations.AreExact(program))
        {
            Exactness.Check(OneByOne(target, program, inputs), target.Execute(program, inputs));
            return Deviation.None;
        }
        // Rounding errors would add up differently: each equation is given the operands that it has in the whole.
        HostValue[] values = [.. inputs, .. target.Execute(Equations.WithAllValues(program), inputs)];
        return Equations.Each(program, values, (op, operands, results) =>
        {
            var specs = operands.Select(static o => o.Spec).ToArray();
            return Closeness.Check(op, operands, target.Execute(Oracle.ProgramOf(op, specs), operands), results, target.IsNative(op, specs));
        });
    }

    private static HostValue[] OneByOne(ConformanceTarget target, Program program, HostValue[] inputs)
    {
        var values = new List<HostValue>(inputs);
        foreach (var equation in program.Equations)
        {
            var operands = Equations.OperandsOf(equation, values);
            values.AddRange(target.Execute(Oracle.ProgramOf(equation.Op, operands.Select(static o => o.Spec)), operands));
        }
        return [.. program.Outputs.Select(o => o.IsLiteral ? HostValue.Of(o.Literal) : values[o.Value])];
    }
}
