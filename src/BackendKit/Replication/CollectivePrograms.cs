using BrainState.BackendKit.Planning;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.BackendKit.Replication;

/// <summary>Collectives as programs of ordinary ops. Every replica combines in the same order, so that results do not depend on who came first.</summary>
internal static class CollectivePrograms
{
    /// <summary>What the replica <paramref name="index"/> gets, from the operands of all <paramref name="count"/> replicas; null for an unknown collective.</summary>
    public static Program? Of(Collective op, TensorSpec operand, int count, int index)
    {
        var builder = new ProgramBuilder();
        Operand[] all = [.. Enumerable.Range(0, count).Select(_ => builder.AddInput(operand))];
        Operand? result = op switch
        {
            PSum => builder.Add(new ReduceSum([0]), builder.Stack(all, 0)),
            PMax => builder.Add(new ReduceMax([0]), builder.Stack(all, 0)),
            PMin => builder.Add(new ReduceMin([0]), builder.Stack(all, 0)),
            PPermute permute => SourceOf(permute, index) is { } source
                ? all[source]
                : builder.Add(new BroadcastInDim(operand.Shape, []), Operand.Of(Scalar.Read(operand.DType, new byte[operand.DType.Size]))),
            AllGather gather => builder.Stack(all, gather.Dimension),
            ReduceScatter scatter => builder.Add(new ReduceSum([0]), builder.Stack([.. all.Select(x => builder.Part(x, scatter.Dimension, index))], 0)),
            AllToAll toAll => builder.Stack([.. all.Select(x => builder.Part(x, toAll.SplitAxis, index))], toAll.ConcatAxis),
            _ => null,
        };
        return result is { } known ? builder.Build(known) : null;
    }

    private static int? SourceOf(PPermute op, int destination)
    {
        foreach (var pair in op.Permutation)
            if (pair.Destination == destination)
                return pair.Source;
        return null;
    }

    /// <summary>Tensors of one spec along a new axis.</summary>
    private static Operand Stack(this ProgramBuilder builder, Operand[] parts, int axis)
    {
        var shape = builder.SpecOf(parts[0]).Shape.Insert(axis, 1);
        Operand[] rows = [.. parts.Select(part => builder.Add(new Reshape(shape), part))];
        return rows.Length == 1 ? rows[0] : builder.Add(new Concatenate(axis), rows);
    }

    /// <summary>The part at a position of an axis, which goes away.</summary>
    private static Operand Part(this ProgramBuilder builder, Operand x, int axis, int position)
    {
        var shape = builder.SpecOf(x).Shape;
        return builder.Add(new Reshape(shape.Without([axis])), builder.Add(Rows.At(shape, axis, position), x));
    }
}
