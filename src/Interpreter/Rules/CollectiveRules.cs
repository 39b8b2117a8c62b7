using BrainState.Interpretation.Evaluation;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Collectives: every replica gets the operands of all, and makes its own result of them.</summary>
internal static class CollectiveRules
{
    public static void AddTo(RuleTable table)
    {
        AddReduce<PSum>(table, Monoid.Sum);
        AddReduce<PMax>(table, Monoid.Max);
        AddReduce<PMin>(table, Monoid.Min);
        table.Add<AxisIndex>(static (op, step) => HostValue.Of(Scalar.Of(step.ReplicaOn(op).Index)));
        table.Add<PPermute>(static (op, step) =>
        {
            var replica = step.ReplicaOn(op);
            foreach (var (source, destination) in op.Permutation)
                if (Math.Max(source, destination) >= replica.Axis.Count)
                    throw new InvalidOperationException($"{op} names positions that axis '{op.AxisName}' of size {replica.Axis.Count} does not have.");
            var all = step.Exchange(op);
            foreach (var (source, destination) in op.Permutation)
                if (destination == replica.Index)
                    return all[source];
            return HostValue.Of(step.Result, new byte[step.Result.ByteCount]);
        });
        table.Add<AllGather>(static (op, step) =>
        {
            var all = step.Exchange(op, op.AxisSize);
            return Positions.Generate(step.Result, index => all[index[op.Dimension]].At(Without(index, op.Dimension)));
        });
        table.Add<ReduceScatter>(static (op, step) =>
        {
            var all = step.Exchange(op, op.AxisSize);
            var mine = step.ReplicaOn(op).Index;
            return Positions.Generate(step.Result, index =>
            {
                int[] source = [.. index[..op.Dimension], mine, .. index[op.Dimension..]];
                return Monoid.Sum.Fold(step.Result.DType, all.Select(x => x.At(source)));
            });
        });
        table.Add<AllToAll>(static (op, step) =>
        {
            var all = step.Exchange(op, op.AxisSize);
            var mine = step.ReplicaOn(op).Index;
            return Positions.Generate(step.Result, index =>
            {
                var rest = Without(index, op.ConcatAxis);
                return all[index[op.ConcatAxis]].At([.. rest[..op.SplitAxis], mine, .. rest[op.SplitAxis..]]);
            });
        });
    }

    private static void AddReduce<TOp>(RuleTable table, Monoid monoid) where TOp : AllReduce => table.Add<TOp>((op, step) =>
    {
        var all = step.Exchange(op);
        return HostValue.Generate(step.Result, i => monoid.Fold(step.Result.DType, all.Select(x => x[i])));
    });

    private static int[] Without(int[] index, int axis) => [.. index[..axis], .. index[(axis + 1)..]];

    /// <summary>The first operands of all replicas.</summary>
    private static HostValue[] Exchange(this Step step, Collective op, int? size = null)
    {
        var replica = step.ReplicaOn(op);
        return size is null || size == replica.Axis.Count
            ? replica.Exchange(op, step.X, step.Execution.Cancellation)
            : throw new InvalidOperationException($"{op} is for an axis of size {size}, but axis '{op.AxisName}' has {replica.Axis.Count} replicas.");
    }

    private static Replica ReplicaOn(this Step step, Collective op) => step.Execution.Replica is { } replica && replica.Axis.Name == op.AxisName
        ? replica
        : throw new InvalidOperationException($"{op.Name} combines values along the axis '{op.AxisName}', which is not one that this program runs along.");
}
