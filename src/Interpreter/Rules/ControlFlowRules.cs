using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Ops that run other programs, and those that only matter to program transformations.</summary>
internal static class ControlFlowRules
{
    public static void AddTo(RuleTable table)
    {
        table.AddMany<Scan>(Scanned);
        table.AddMany<While>(Looped);
        table.AddMany<Cond>(static (op, step) =>
            step.Execution.Run(op.Branches[(int)Int128.Clamp(Number.Integer(step.X[0]), 0, op.Branches.Count - 1)], step.Operands[1..]));

        // What these add to their body concerns derivatives and native kernels, not values.
        table.AddMany<Call>(static (op, step) => step.Execution.Run(op.Body, step.Operands));
        table.AddMany<Checkpoint>(static (op, step) => step.Execution.Run(op.Body, step.Operands));
        table.AddMany<CustomJvp>(static (op, step) => step.Execution.Run(op.Body, step.Operands));
        table.AddMany<CustomVjp>(static (op, step) => step.Execution.Run(op.Body, step.Operands));
        table.AddMany<Composite>(static (op, step) => step.Execution.Run(op.Body, step.Operands));
        table.AddMany<OptimizationBarrier>(static (_, step) => step.Operands);
        table.Add<StopGradient>(static (_, step) => step.X);
    }

    private static HostValue[] Scanned(Scan op, Step step)
    {
        var consts = step.Operands[..op.ConstCount];
        var carry = step.Operands[op.ConstCount..(op.ConstCount + op.CarryCount)];
        var arrays = step.Operands[(op.ConstCount + op.CarryCount)..];
        var stacked = step.Results.Skip(op.CarryCount).Select(static spec => new byte[spec.ByteCount]).ToArray();
        for (var count = 0; count < op.Length; count++)
        {
            step.Execution.Cancellation.ThrowIfCancellationRequested();
            var position = op.Reverse ? op.Length - 1 - count : count;
            var results = step.Execution.Run(op.Body, [.. consts, .. carry, .. arrays.Select(array => Row(array, position))]);
            carry = results[..op.CarryCount];
            for (var i = 0; i < stacked.Length; i++)
            {
                var row = results[op.CarryCount + i].Bytes;
                row.CopyTo(stacked[i].AsSpan(position * row.Length));
            }
        }
        return [.. carry, .. stacked.Select((bytes, i) => HostValue.Of(step.Results[op.CarryCount + i], bytes))];
    }

    /// <summary>The slice at a position of the leading axis.</summary>
    private static HostValue Row(HostValue array, int position)
    {
        var row = array.Spec.With(array.Spec.Shape.Without([0]));
        var size = (int)row.ByteCount;
        return HostValue.Of(row, array.Bytes.Slice(position * size, size));
    }

    private static HostValue[] Looped(While op, Step step)
    {
        var condConsts = step.Operands[..op.CondConstCount];
        var bodyConsts = step.Operands[op.CondConstCount..(op.CondConstCount + op.BodyConstCount)];
        var carry = step.Operands[(op.CondConstCount + op.BodyConstCount)..];
        while (step.Execution.Run(op.Cond, [.. condConsts, .. carry])[0][0].As<bool>())
        {
            step.Execution.Cancellation.ThrowIfCancellationRequested();
            carry = step.Execution.Run(op.Body, [.. bodyConsts, .. carry]);
        }
        return carry;
    }
}
