using System.Globalization;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Passes;

namespace BrainState.Conformance;

internal sealed record UnrolledCheck : ProgramCheck
{
    public override string ToString() => "unrolled";

    public override Deviation Verify(ConformanceTarget target, Program program, HostValue[] inputs)
    {
        var (expected, actual) = (target.Execute(Unrolled(program), inputs), target.Execute(program, inputs));
        if (!Equations.AreExact(program)) return Agreement.Check(expected, actual, 1e-5);
        Exactness.Check(expected, actual);
        return Deviation.None;
    }

    /// <summary>The program with the steps of its scans written out.</summary>
    public static new Program Unrolled(Program program) => ProgramRewriter.Rewrite(program, static (builder, equation, operands) =>
        equation.Op is Scan scan ? Unroll(builder, scan, operands.ToArray()) : builder.AddAll(equation.Op, operands));

    private static Operand[] Unroll(ProgramBuilder builder, Scan scan, Operand[] operands)
    {
        var body = Unrolled(scan.Body);
        var stackedFrom = scan.ConstCount + scan.CarryCount;
        var carry = operands[scan.ConstCount..stackedFrom];
        var results = new Operand[body.Outputs.Length - scan.CarryCount][];
        for (var i = 0; i < results.Length; i++) results[i] = new Operand[scan.Length];
        for (var n = 0; n < scan.Length; n++)
        {
            var step = scan.Reverse ? scan.Length - 1 - n : n;
            Operand[] inputs = [.. operands[..scan.ConstCount], .. carry, .. operands[stackedFrom..].Select(stack => At(builder, stack, step))];
            var outputs = builder.Inline(body, inputs);
            carry = outputs[..scan.CarryCount];
            for (var i = 0; i < results.Length; i++) results[i][step] = InFront(builder, outputs[scan.CarryCount + i]);
        }
        return [.. carry, .. results.Select((parts, i) => Stack(builder, parts, body.OutputSpecs[scan.CarryCount + i]))];
    }

    private static Operand At(ProgramBuilder builder, Operand stack, int step)
    {
        var shape = builder.SpecOf(stack).Shape;
        ValueArray<int> Bounds(int first, Func<int, int> others) => shape.Select((size, axis) => axis == 0 ? first : others(size)).ToValueArray();
        var part = builder.Add(new Slice(Bounds(step, static _ => 0), Bounds(step + 1, static size => size), Bounds(1, static _ => 1)), stack);
        return builder.Add(new Reshape(shape.Without([0])), part);
    }

    private static Operand InFront(ProgramBuilder builder, Operand value) => builder.Add(new Reshape(builder.SpecOf(value).Shape.Insert(0, 1)), value);

    private static Operand Stack(ProgramBuilder builder, Operand[] parts, TensorSpec part) => parts.Length > 0
        ? builder.Add(new Concatenate(0), parts)
        : builder.Add(new BroadcastInDim(part.Shape.Insert(0, 0), []), Operand.Of(Scalar.Of(part.DType, 0L)));
}

internal sealed record ExpandedCheck(double Tolerance) : ProgramCheck
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"expanded {Tolerance:R}");

    public override Deviation Verify(ConformanceTarget target, Program program, HostValue[] inputs) =>
        Agreement.Check(target.Execute(Expanded(program), inputs), target.Execute(program, inputs), Tolerance);

    private static Program Expanded(Program program) => ProgramRewriter.Rewrite(program, static (builder, equation, operands) =>
        equation.Op is Composite composite ? builder.Inline(Expanded(composite.Body), operands) : builder.AddAll(equation.Op, operands));
}
