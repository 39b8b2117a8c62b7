using System.Globalization;
using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.Conformance;

internal sealed record StepsCheck : ProgramCheck
{
    public override string ToString() => "steps";

    public override Deviation Verify(ConformanceTarget target, Program program, HostValue[] inputs)
    {
        HostValue[] values = [.. inputs, .. target.Execute(Equations.WithAllValues(program), inputs)];
        return Equations.Each(program, values, (op, operands, results) => Closeness.Check(op, operands, results, target.IsNative(op, operands.Select(static o => o.Spec))));
    }
}

internal sealed record ExactCheck : ProgramCheck
{
    public override string ToString() => "exact";

    public override Deviation Verify(ConformanceTarget target, Program program, HostValue[] inputs)
    {
        Exactness.Check(Interpreter.Run(program, inputs), target.Execute(program, inputs));
        return Deviation.None;
    }
}

internal sealed record PreparedCheck : ProgramCheck
{
    public override string ToString() => "prepared";

    public override Deviation Verify(ConformanceTarget target, Program program, HostValue[] inputs)
    {
        Exactness.Check(Interpreter.Run(program, inputs), target.ExecuteLegalised(program, inputs));
        return Deviation.None;
    }
}

internal sealed record CloseCheck(double Tolerance) : ProgramCheck
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"close {Tolerance:R}");

    public override Deviation Verify(ConformanceTarget target, Program program, HostValue[] inputs) =>
        Agreement.Check(Interpreter.Run(program, inputs), target.Execute(program, inputs), Tolerance);
}

internal sealed record ExpectedCheck(ValueArray<HostValue> Results, double Tolerance) : ProgramCheck
{
    public override string ToString() => Tolerance == 0 ? "expected" : string.Create(CultureInfo.InvariantCulture, $"expected {Tolerance:R}");

    public override Deviation Verify(ConformanceTarget target, Program program, HostValue[] inputs)
    {
        var actual = target.Execute(program, inputs);
        if (Tolerance > 0) return Agreement.Check([.. Results], actual, Tolerance);
        Exactness.Check([.. Results], actual);
        return Deviation.None;
    }
}
