using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using static BrainState.Batching.BatchRules;

namespace BrainState.Batching;

/// <summary>Batching of ops that run a program once, with or without a derivative of its own: the programs are batched.</summary>
internal static class BodyRules
{
    public static void Define()
    {
        Table.Define<Call>(static (op, operands, axis) =>
        {
            var body = BatchMode.Batch(((Call)op).Body, IsBatched(operands), axis);
            return Run((Call)op with { Body = body.Program }, operands, body.IsOutputBatched);
        });
        Table.Define<Checkpoint>(static (op, operands, axis) =>
        {
            var body = BatchMode.Batch(((Checkpoint)op).Body, IsBatched(operands), axis);
            return Run((Checkpoint)op with { Body = body.Program }, operands, body.IsOutputBatched);
        });
        Table.Define<CustomJvp>(static (op, operands, axis) =>
        {
            // A result and its tangent have the same spec, so if one is batched, so is the other.
            var custom = (CustomJvp)op;
            var isBatched = IsBatched(operands);
            ValueArray<bool> withTangents = [.. isBatched, .. isBatched.Where((_, i) => i >= custom.ConstCount && custom.Body.Inputs[i].DType.IsDifferentiable)];
            var isResultBatched = BatchMode.Batch(custom.Body, isBatched, axis).IsOutputBatched.ToArray();
            var isGiven = BatchMode.Batch(custom.Jvp, withTangents, axis).IsOutputBatched;
            var tangent = isResultBatched.Length;
            for (var i = 0; i < isResultBatched.Length; i++)
            {
                isResultBatched[i] |= isGiven[i];
                if (custom.Body.OutputSpecs[i].DType.IsDifferentiable) isResultBatched[i] |= isGiven[tangent++];
            }
            var results = Forms(isResultBatched);
            var batched = custom with
            {
                Body = BatchMode.Batch(custom.Body, isBatched, axis, results).Program,
                Jvp = BatchMode.Batch(custom.Jvp, withTangents, axis, [.. results, .. results.Where((_, i) => custom.Body.OutputSpecs[i].DType.IsDifferentiable)]).Program,
            };
            return Run(batched, operands, ValueArray.Create<bool>(isResultBatched));
        });
        Table.Define<CustomVjp>(static (op, operands, axis) =>
        {
            var custom = (CustomVjp)op;
            var (body, forward, backward) = WithDerivative(custom.Body, custom.Forward, custom.Backward, operands, custom.ConstCount, axis);
            return Run(custom with { Body = body, Forward = forward, Backward = backward }, operands);
        });
        Table.Define<Composite>(static (op, operands, axis) =>
        {
            // A kernel that claims the composite by name knows nothing of the batch axis, and its attributes count other axes.
            var composite = (Composite)op;
            var name = $"vmap({composite.Function})";
            if (composite.Forward is null)
            {
                var alone = BatchMode.Batch(composite.Body, IsBatched(operands), axis);
                return Run(new Composite(name, [], alone.Program, null, null), operands, alone.IsOutputBatched);
            }
            var (body, forward, backward) = WithDerivative(composite.Body, composite.Forward, composite.Backward!, operands, 0, axis);
            return Run(new Composite(name, [], body, forward, backward), operands);
        });
    }

    public static ValueArray<bool> IsBatched(ReadOnlySpan<Lanes> operands) => operands.ToArray().Select(static o => o.IsBatched).ToValueArray();

    /// <summary>Outputs that must be batched where given, and come as they come elsewhere.</summary>
    public static ValueArray<OutputForm> Forms(IEnumerable<bool> mustBeBatched) =>
        mustBeBatched.Select(static must => must ? OutputForm.Batched : OutputForm.AsItComes).ToValueArray();

    /// <summary>The results of a batched op on the operands as they are; without further notice all are batched.</summary>
    public static Lanes[] Run(Op op, ReadOnlySpan<Lanes> operands, ValueArray<bool>? isBatched = null) =>
        [.. Eager.Bind(op, Array.ConvertAll(operands.ToArray(), static o => o.Value)).Select((value, i) => new Lanes(value, isBatched?[i] ?? true))];

    /// <summary>
    /// The batched programs of a function and its derivative. All results are batched, so that each lane gets a cotangent of its own; the cotangent of
    /// an operand that the lanes share is the sum of theirs.
    /// </summary>
    private static (Program Body, Program Forward, Program Backward) WithDerivative(
        Program body, Program forward, Program backward, Lanes[] operands, int constCount, BatchAxis axis)
    {
        var isBatched = IsBatched(operands);
        var results = body.OutputSpecs;
        var forms = Forms(results.Select(static _ => true));
        var batchedForward = BatchMode.Batch(forward, isBatched, axis, forms);
        ValueArray<bool> residualsAndCotangents =
            [.. batchedForward.IsOutputBatched.Skip(results.Length), .. results.Where(static r => r.DType.IsDifferentiable).Select(static _ => true)];
        var cotangents = operands.Skip(constCount).Where(static o => o.Value.DType.IsDifferentiable).Select(static o => o.IsBatched ? OutputForm.Batched : OutputForm.Summed);
        return (
            BatchMode.Batch(body, isBatched, axis, forms).Program,
            batchedForward.Program,
            BatchMode.Batch(backward, residualsAndCotangents, axis, cotangents.ToValueArray()).Program);
    }
}
