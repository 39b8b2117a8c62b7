using BrainState.Ops;
using static BrainState.Batching.BatchRules;

namespace BrainState.Batching;

/// <summary>Batching of collectives. Over the mapped axis they are resolved: participants are lanes, so values move along the batch axis. Others stay.</summary>
internal static class CollectiveRules
{
    public static void Define()
    {
        Collect<PSum>(static (_, x) => Lanes.Same(Lax.ReduceSum(x, [0])), static op => op);
        Collect<PMax>(static (_, x) => Lanes.Same(Lax.ReduceMax(x, [0])), static op => op);
        Collect<PMin>(static (_, x) => Lanes.Same(Lax.ReduceMin(x, [0])), static op => op);
        Collect<PPermute>(static (op, x) => Lanes.Batched(Permuted(op, x)), static op => op);
        Collect<AllGather>(static (op, x) => Lanes.Same(Move(RequireSize(op, op.AxisSize, x), 0, op.Dimension)), static op => op with { Dimension = op.Dimension + 1 });
        Collect<ReduceScatter>(
            static (op, x) => Lanes.Batched(Move(Lax.ReduceSum(RequireSize(op, op.AxisSize, x), [0]), op.Dimension, 0)), static op => op with { Dimension = op.Dimension + 1 });
        Collect<AllToAll>(
            static (op, x) => Lanes.Batched(Move(Move(RequireSize(op, op.AxisSize, x), op.SplitAxis + 1, 0), 1, op.ConcatAxis + 1)),
            static op => op with { SplitAxis = op.SplitAxis + 1, ConcatAxis = op.ConcatAxis + 1 });
        Table.Define<AxisIndex>(static (_, _, axis) => [Lanes.Batched(Lax.Iota(DType.Int32, [axis.Size], 0))]);
    }

    /// <summary>Whether an op, or a program that it runs, is a collective over the mapped axis.</summary>
    public static bool IsOver(BatchAxis axis, Op op) => axis.Name is not null
        && ((op is Collective collective && collective.AxisName == axis.Name) || op.Bodies.Any(body => body.Equations.Any(e => IsOver(axis, e.Op))));

    /// <summary>Defines the result over the mapped axis, from all lanes, and the op over another axis, for values with the batch axis in front.</summary>
    private static void Collect<TOp>(Func<TOp, Tensor, Lanes> overLanes, Func<TOp, Op> overOthers) where TOp : Collective => Table.Define<TOp>((op, operands, axis) =>
        [IsOver(axis, op) ? overLanes((TOp)op, operands[0].Repeated(axis)) : Lanes.Batched(Lax.One(overOthers((TOp)op), operands[0].Value))]);

    private static Tensor RequireSize(Collective op, int size, Tensor x) => size == x.Shape[0]
        ? x
        : throw new InvalidOperationException($"{op.Name} over the axis '{op.AxisName}' is for {size} participants, but the axis has {x.Shape[0]} lanes.");

    /// <summary>Lanes in another order, in runs of neighbours; zeros where nothing is received.</summary>
    private static Tensor Permuted(PPermute op, Tensor x)
    {
        var sources = Enumerable.Repeat(-1, x.Shape[0]).ToArray();
        foreach (var (source, destination) in op.Permutation)
        {
            if (Math.Max(source, destination) >= sources.Length)
                throw new InvalidOperationException($"{op.Name} over the axis '{op.AxisName}' sends from {source} to {destination}, but the axis has {sources.Length} lanes.");
            sources[destination] = source;
        }
        var runs = new List<Tensor>();
        for (var (first, last) = (0, 0); first < sources.Length; first = last)
        {
            var isSent = sources[first] >= 0;
            for (last = first + 1; last < sources.Length && (isSent ? sources[last] == sources[last - 1] + 1 : sources[last] < 0);) last++;
            runs.Add(isSent ? Run(sources[first], last - first) : Lax.Full(x.Shape.With(0, last - first), 0, x.DType));
        }
        return runs.Count == 0 ? x : Lax.Concatenate(runs.ToArray(), 0);

        Tensor Run(int start, int count) =>
            Lax.Slice(x, [start, .. Enumerable.Repeat(0, x.Rank - 1)], [start + count, .. x.Shape.Skip(1)]);
    }
}
