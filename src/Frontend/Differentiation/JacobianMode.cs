using BrainState.Batching;
using BrainState.Execution;
using BrainState.Programs;
using BrainState.Tracing;

namespace BrainState.Differentiation;

/// <summary>
/// Whole Jacobians: the derivative in the direction of every basis vector at once, as one batched program. The Jacobian of an output y by an input x has the shape
/// <c>[*y, *x]</c>.
/// </summary>
internal static class JacobianMode
{
    /// <summary>The outputs of a program, then the Jacobian of its first output by each active input, a row at a time in reverse mode.</summary>
    public static Program Reverse(Program program, ValueArray<bool> active) => Staged(program, inputs =>
    {
        var staged = ReverseMode.Stage(program, active, new bool[program.Outputs.Length].ToValueArray());
        var results = ProgramFunction.Apply(staged.Forward, inputs);
        var (outputs, residuals) = (results[..program.Outputs.Length], results[program.Outputs.Length..]);
        var y = outputs[0].Spec;
        TensorSpec[] xs = [.. DerivativeRules.Where(program.Inputs, active)];
        if (!staged.Moving[0]) return [.. outputs, .. xs.Select(x => DerivativeRules.Zeros(x.With(Join(y.Shape, x.Shape))))];

        Aval[] avals = [.. residuals.Select(static r => new Aval(r.Spec, false)), new(y, false)];
        var pullback = Trace.Run(avals, given =>
        {
            var cotangents = new Tensor?[staged.Linear.Outputs.Length];
            cotangents[0] = given[^1]; // The first output is the first that moves.
            Tensor?[] values = [.. given[..^1], .. new Tensor?[xs.Length]];
            return [.. ReverseMode.Transpose(staged.Linear, values, cotangents).Skip(residuals.Length).Select((c, i) => c ?? DerivativeRules.Zeros(xs[i]))];
        }).Program;
        return [.. outputs, .. AlongBasis(pullback, residuals, y).Select((rows, i) => Lax.Reshape(rows, Join(y.Shape, xs[i].Shape)))];
    });

    /// <summary>The outputs of a program, then the Jacobian of its first output by each active input, a column at a time in forward mode.</summary>
    public static Program Forward(Program program, ValueArray<bool> active) => Staged(program, inputs =>
    {
        var y = program.OutputSpecs[0];
        var columns = Enumerable.Range(0, inputs.Length).Where(i => active[i]).Select(i =>
        {
            var one = Enumerable.Range(0, inputs.Length).Select(other => other == i).ToValueArray();
            var required = Enumerable.Range(0, program.Outputs.Length).Select(static output => output == 0).ToValueArray();
            var jvp = ForwardMode.Jvp(program, one, required).Program;
            var tangent = ProgramParts.Select(EffectRemoval.Run(jvp), [.. Enumerable.Range(0, jvp.Inputs.Length)], [program.Outputs.Length]);
            var x = program.Inputs[i];
            var stacked = AlongBasis(tangent, inputs, x)[0];
            return Lax.Reshape(Lax.Transpose(stacked, [.. Enumerable.Range(1, y.Rank), 0]), Join(y.Shape, x.Shape));
        }).ToArray();
        return [.. ProgramFunction.Apply(program, inputs), .. columns];
    });

    /// <summary>The results of a program for each basis vector of its last input, stacked in front.</summary>
    private static Tensor[] AlongBasis(Program program, Tensor[] others, TensorSpec last)
    {
        var size = (int)last.ElementCount;
        var basis = Lax.Reshape(Np.Eye(size, dtype: last.DType), last.Shape.Insert(0, size));
        var isBatched = Enumerable.Range(0, others.Length + 1).Select(i => i == others.Length).ToValueArray();
        var batched = BatchMode.Batch(program, isBatched, new(size, null), Enumerable.Repeat(OutputForm.Batched, program.Outputs.Length).ToValueArray());
        return ProgramFunction.Apply(batched.Program, [.. others, basis]);
    }

    private static Program Staged(Program program, Func<Tensor[], Tensor[]> function) => Trace.Run([.. program.Inputs.Select(static s => new Aval(s, false))], function).Program;

    private static Shape Join(Shape first, Shape second) => Shape.Create([.. first.Dims, .. second.Dims]);
}
