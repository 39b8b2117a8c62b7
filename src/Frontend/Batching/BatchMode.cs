using BrainState.Differentiation;
using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Tracing;

namespace BrainState.Batching;

/// <summary>
/// Batching of programs: one program that does in a single run what the original does in each of many lanes. Every equation is replaced by its rule
/// in the batching table. A value either has the batch axis in front of its own axes or is the same in every lane; where users want other axes,
/// they are moved at the border.
/// </summary>
internal static class BatchMode
{
    private static readonly ProgramCache<Key, BatchedProgram> Cache = new();

    private sealed record Key(ValueArray<bool> IsBatched, ValueArray<OutputForm> Forms, BatchAxis Axis);

    /// <summary>The results of <paramref name="program"/> in all lanes, recorded in the current trace.</summary>
    public static Lanes[] Evaluate(Program program, ReadOnlySpan<Lanes> inputs, BatchAxis axis)
    {
        var values = new Lanes[program.ValueCount];
        inputs.CopyTo(values);
        Lanes Value(Operand operand) => operand.IsLiteral ? Lanes.Same(ProgramFunction.Literal(operand.Literal)) : values[operand.Value];

        using var origins = Origins.Derive();
        foreach (var equation in program.Equations)
        {
            origins.From(equation.Origin);
            Apply(equation.Op, equation.Inputs.Select(Value).ToArray(), axis).CopyTo(values, equation.FirstOutput);
        }
        return program.Outputs.Select(Value).ToArray();
    }

    /// <summary>
    /// The program of all lanes: takes the inputs of <paramref name="program"/>, those that are batched with the batch axis in front, and returns its
    /// outputs in the given forms (by default as they come).
    /// </summary>
    public static BatchedProgram Batch(Program program, ValueArray<bool> isBatched, BatchAxis axis, ValueArray<OutputForm> forms = default) =>
        Cache.GetOrAdd(program, new(isBatched, forms, axis), static (program, key) =>
        {
            var (axis, isBatched) = (key.Axis, key.IsBatched);
            var isOutputBatched = new bool[program.Outputs.Length];
            var arguments = program.Inputs.Select((s, i) => new Aval(isBatched[i] ? s.With(s.Shape.Insert(0, axis.Size)) : s, false)).ToArray();
            var batched = Trace.Run(arguments, inputs =>
            {
                var outputs = Evaluate(program, inputs.Select((value, i) => new Lanes(value, isBatched[i])).ToArray(), axis);
                for (var i = 0; i < key.Forms.Count; i++) outputs[i] = Form(outputs[i], key.Forms[i], axis);
                for (var i = 0; i < outputs.Length; i++) isOutputBatched[i] = outputs[i].IsBatched;
                return Array.ConvertAll(outputs, static o => o.Value);
            });
            return new(batched.Program, ValueArray.Create<bool>(isOutputBatched));
        });

    /// <summary>The results of one op. What no lane differs in is computed once.</summary>
    private static Lanes[] Apply(Op op, Lanes[] operands, BatchAxis axis)
    {
        if (!operands.Any(static o => o.IsBatched) && !CollectiveRules.IsOver(axis, op))
            return Array.ConvertAll(Eager.Bind(op, Array.ConvertAll(operands, static o => o.Value)), Lanes.Same);
        return BatchRules.Table.For(op)(op, operands, axis);
    }

    private static Lanes Form(Lanes output, OutputForm form, BatchAxis axis) => form switch
    {
        OutputForm.Batched => Lanes.Batched(output.Repeated(axis)),
        OutputForm.Summed => Lanes.Same(Lax.ReduceSum(output.Repeated(axis), [0])),
        _ => output,
    };
}

/// <summary>A program of all lanes, and which of its outputs have the batch axis in front; the others are the same in every lane.</summary>
internal sealed record BatchedProgram(Program Program, ValueArray<bool> IsOutputBatched);

/// <summary>How an output of a batched program is wanted.</summary>
internal enum OutputForm
{
    /// <summary>Batched where lanes differ.</summary>
    AsItComes,
    /// <summary>Batched, repeated if need be.</summary>
    Batched,
    /// <summary>Not batched: the sum over all lanes, which is the cotangent of a value that all lanes share.</summary>
    Summed,
}
