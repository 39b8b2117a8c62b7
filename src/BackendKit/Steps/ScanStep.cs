using BrainState.BackendKit.Execution;
using BrainState.BackendKit.Planning;
using BrainState.Ops;

namespace BrainState.BackendKit.Steps;

/// <summary>Runs the body once per step on rows of the stacked operands, and joins the rows that it returns.</summary>
internal sealed class ScanStep(Scan op, Plan body, TensorSpec[] inputs, TensorSpec[] outputs) : Step
{
    private readonly int fixedCount = op.ConstCount + op.CarryCount;

    public override Value[] Execute(Run run, Value?[] operands)
    {
        var rows = new Value?[outputs.Length - op.CarryCount][];
        for (var i = 0; i < rows.Length; i++) rows[i] = new Value?[op.Length];
        try
        {
            var carry = operands.AsSpan(op.ConstCount, op.CarryCount);
            for (var step = 0; step < op.Length; step++)
            {
                run.ThrowIfStopped();
                var position = op.Reverse ? op.Length - 1 - step : step;
                Value?[] results = Step(run, operands, position);
                results.AsSpan(0, op.CarryCount).CopyTo(carry);
                for (var i = 0; i < rows.Length; i++) rows[i][position] = results[op.CarryCount + i];
            }
            var all = new Value?[outputs.Length];
            try
            {
                for (var i = 0; i < rows.Length; i++) all[op.CarryCount + i] = Join(run, rows[i], outputs[op.CarryCount + i]);
            }
            catch
            {
                Value.ReleaseAll(all);
                throw;
            }
            Move(carry, all);
            return all!;
        }
        finally
        {
            foreach (var some in rows) Value.ReleaseAll(some);
        }
    }

    private Value[] Step(Run run, Value?[] operands, int position)
    {
        var taken = new Value?[operands.Length];
        try
        {
            for (var i = fixedCount; i < taken.Length; i++) taken[i] = Row(run, operands[i]!, inputs[i], position);
            Share(operands.AsSpan(0, op.ConstCount), taken);
            Move(operands.AsSpan(op.ConstCount, op.CarryCount), taken.AsSpan(op.ConstCount));
            return body.Execute(run, taken);
        }
        finally
        {
            Value.ReleaseAll(taken);
        }
    }

    private static Value Row(Run run, Value stacked, TensorSpec spec, int position)
    {
        var slice = run.Kernels.Run(Rows.At(spec.Shape, 0, position), [stacked], spec.With(spec.Shape.With(0, 1)), run.Device);
        try
        {
            var row = spec.With(spec.Shape.Without([0]));
            return run.Kernels.Run(new Reshape(row.Shape), [slice], row, run.Device);
        }
        finally
        {
            slice.Release();
        }
    }

    /// <summary>The rows as one tensor; they are let go one by one.</summary>
    private static Value Join(Run run, Value?[] rows, TensorSpec spec)
    {
        if (rows.Length == 0) return run.Kernels.Upload(spec, [], run.Device);
        var one = spec.With(spec.Shape.With(0, 1));
        for (var i = 0; i < rows.Length; i++)
        {
            var reshaped = run.Kernels.Run(new Reshape(one.Shape), [rows[i]], one, run.Device);
            rows[i]!.Release();
            rows[i] = reshaped;
        }
        return rows.Length == 1 ? rows[0]!.Share() : run.Kernels.Run(new Concatenate(0), rows, spec, run.Device);
    }
}
