using BrainState.Ops;
using BrainState.Programs;
using BrainState.Tracing;
using static BrainState.Batching.BatchRules;
using static BrainState.Batching.BodyRules;

namespace BrainState.Batching;

/// <summary>
/// Batching of loops and branches. Where lanes take different paths, all take all of them and select; with effects that would be seen, so then they go one
/// by one.
/// </summary>
internal static class ControlFlowRules
{
    public static void Define()
    {
        Table.Define<Scan>(static (op, operands, axis) =>
        {
            var scan = (Scan)op;
            var fixedCount = scan.ConstCount + scan.CarryCount;
            ValueArray<bool> consts = IsBatched(operands.AsSpan(0, scan.ConstCount)), xs = IsBatched(operands.AsSpan(fixedCount));
            var carry = FixedPoint(
                IsBatched(operands.AsSpan(scan.ConstCount, scan.CarryCount)), carry => BatchMode.Batch(scan.Body, [.. consts, .. carry, .. xs], axis).IsOutputBatched);
            var body = BatchMode.Batch(
                scan.Body, [.. consts, .. carry, .. xs], axis, [.. Forms(carry), .. Enumerable.Repeat(OutputForm.AsItComes, scan.Body.Outputs.Length - carry.Count)]);

            // Steps are counted by the leading axis, so that of the lanes comes second in arrays.
            var results = Run(scan with { Body = body.Program }, [
                .. operands[..scan.ConstCount],
                .. operands[scan.ConstCount..fixedCount].Select((o, i) => carry[i] ? Lanes.Batched(o.Repeated(axis)) : o),
                .. operands[fixedCount..].Select(static o => o.IsBatched ? Lanes.Batched(Move(o.Value, 0, 1)) : o),
            ], body.IsOutputBatched);
            for (var i = carry.Count; i < results.Length; i++)
                if (results[i].IsBatched)
                    results[i] = Lanes.Batched(Move(results[i].Value, 1, 0));
            return results;
        });
        Table.Define<While>(static (op, operands, axis) =>
        {
            var loop = (While)op;
            var constCount = loop.CondConstCount + loop.BodyConstCount;
            ValueArray<bool> condConsts = IsBatched(operands.AsSpan(0, loop.CondConstCount)), bodyConsts = IsBatched(operands[loop.CondConstCount..constCount]);
            var carry = FixedPoint(
                IsBatched(operands.AsSpan(constCount)), carry => BatchMode.Batch(loop.Body, [.. bodyConsts, .. carry], axis).IsOutputBatched);
            var cond = BatchMode.Batch(loop.Cond, [.. condConsts, .. carry], axis);
            if (cond.IsOutputBatched[0]) return op.HasEffects ? LaneByLane.Apply(op, operands, axis) : WhileAnyLaneIsActive(loop, operands, axis);

            var body = BatchMode.Batch(loop.Body, [.. bodyConsts, .. carry], axis, Forms(carry));
            return Run(
                loop with { Cond = cond.Program, Body = body.Program },
                [.. operands[..constCount], .. operands[constCount..].Select((o, i) => carry[i] ? Lanes.Batched(o.Repeated(axis)) : o)], carry);
        });
        Table.Define<Cond>(static (op, operands, axis) =>
        {
            var cond = (Cond)op;
            if (operands[0].IsBatched) return op.HasEffects ? LaneByLane.Apply(op, operands, axis) : AllBranches(cond, operands[0].Value, operands[1..], axis);

            var isBatched = IsBatched(operands.AsSpan(1));
            var isResultBatched = new bool[cond.Branches[0].Outputs.Length];
            foreach (var branch in cond.Branches)
            {
                var isGiven = BatchMode.Batch(branch, isBatched, axis).IsOutputBatched;
                for (var i = 0; i < isResultBatched.Length; i++) isResultBatched[i] |= isGiven[i];
            }
            var forms = Forms(isResultBatched);
            var branches = cond.Branches.Select(branch => BatchMode.Batch(branch, isBatched, axis, forms).Program);
            return Run(new Cond(branches.ToValueArray()), operands, ValueArray.Create<bool>(isResultBatched));
        });
    }

    /// <summary>Which carries are batched: those that are at the start, and those that the body makes so.</summary>
    private static ValueArray<bool> FixedPoint(ValueArray<bool> carry, Func<ValueArray<bool>, ValueArray<bool>> afterOneStep)
    {
        while (true)
        {
            var step = afterOneStep(carry);
            var next = carry.Select((isBatched, i) => isBatched || step[i]).ToValueArray();
            if (next == carry) return carry;
            carry = next;
        }
    }

    /// <summary>
    /// A loop whose lanes end at different times: it runs while any lane is active, and lanes that have ended keep their carry. Which lanes are active is a
    /// carry, too, so that the condition is evaluated once per step.
    /// </summary>
    private static Lanes[] WhileAnyLaneIsActive(While loop, Lanes[] operands, BatchAxis axis)
    {
        var constCount = loop.CondConstCount + loop.BodyConstCount;
        var (consts, start) = (operands[..constCount], operands[constCount..].Select(o => Lanes.Batched(o.Repeated(axis))).ToArray());
        Tensor Active(ReadOnlySpan<Lanes> consts, ReadOnlySpan<Lanes> carry) =>
            BatchMode.Evaluate(loop.Cond, [.. consts[..loop.CondConstCount], .. carry], axis)[0].Repeated(axis);
        var isActive = Active(consts, start);

        Aval[] carryAvals = [Aval.Of(isActive), .. start.Select(static c => Aval.Of(c.Value))];
        var cond = Trace.Run(carryAvals, static carry => [Lax.ReduceOr(carry[0], [0])]).Program;
        var body = Trace.Run([.. consts.Select(static c => Aval.Of(c.Value)), .. carryAvals], inputs =>
        {
            var given = consts.Select((c, i) => c with { Value = inputs[i] }).ToArray();
            var active = inputs[constCount];
            var carry = inputs[(constCount + 1)..].Select(Lanes.Batched).ToArray();
            var next = BatchMode.Evaluate(loop.Body, [.. given[loop.CondConstCount..], .. carry], axis);
            var kept = carry.Select((old, i) => Lanes.Batched(
                Lax.SelectN(Lanes.Batched(active).Stretched(old.Shape, axis), old.Value, next[i].Repeated(axis)))).ToArray();
            return [Active(given, kept), .. kept.Select(static c => c.Value)];
        }).Program;
        return Run(new While(cond, body, 0, constCount), [.. consts, Lanes.Batched(isActive), .. start])[1..];
    }

    /// <summary>
    /// A branch per lane: all branches run for all lanes, and each lane selects. The branches that a lane does not take see its operands as constants for
    /// derivatives, or an infinite derivative there would make NaN of a zero cotangent.
    /// </summary>
    private static Lanes[] AllBranches(Cond cond, Tensor index, Lanes[] operands, BatchAxis axis)
    {
        var last = cond.Branches.Count - 1;
        var chosen = Lax.Clamp(0, index, last);
        var results = cond.Branches.Select((branch, i) => BatchMode.Evaluate(branch, Array.ConvertAll(operands, o => Masked(o, i)), axis)).ToArray();
        return [.. Enumerable.Range(0, results[0].Length).Select(output => Lanes.Batched(Lax.SelectN(
            Lanes.Batched(chosen).Stretched(results[0][output].Shape, axis), [.. results.Select(r => r[output].Repeated(axis))])))];

        // What lanes share is not masked: repeating weights for every lane would cost more than the rare singularity there is worth.
        Lanes Masked(Lanes operand, int branch) => last == 0 || !operand.IsBatched || !operand.Value.DType.IsDifferentiable ? operand : Lanes.Batched(Lax.SelectN(
            Lanes.Batched(Lax.Eq(chosen, branch)).Stretched(operand.Shape, axis), Lax.StopGradient(operand.Value), operand.Value));
    }
}
