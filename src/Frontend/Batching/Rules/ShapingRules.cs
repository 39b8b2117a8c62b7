using BrainState.Ops;
using static BrainState.Batching.BatchRules;

namespace BrainState.Batching;

/// <summary>Batching of ops that only move elements: the batch axis stays in front.</summary>
internal static class ShapingRules
{
    public static void Define()
    {
        Unary<BroadcastInDim>(static (op, axis) => new BroadcastInDim(op.Shape.Insert(0, axis.Size), Behind(op.BroadcastDimensions)));
        Unary<Reshape>(static (op, axis) => new Reshape(op.NewSizes.Insert(0, axis.Size)));
        Unary<Transpose>(static (op, _) => new Transpose(Behind(op.Permutation)));
        Unary<Rev>(static (op, _) => new Rev(Shifted(op.Dimensions)));
        Unary<RandomBits>(static (op, _) => op);
        Together<Concatenate>(static (op, _) => new Concatenate(op.Dimension + 1));
        Together<Sort>(static (op, _) => op with { Dimension = op.Dimension + 1 });
        Table.Define<Pad>(static (op, operands, axis) =>
        {
            var (x, value) = (operands[0], operands[1]);
            var padding = ((Pad)op).Padding;
            var batched = new Pad([default, .. padding]);
            if (!value.IsBatched) return [Lanes.Batched(Lax.One(batched, x.Value, value.Value))];

            // An op pads with one value only, so another value per lane is put in where padding is.
            var zero = Lax.ConvertElementType(0, value.Value.DType);
            var padded = new Lanes(Lax.One(x.IsBatched ? batched : op, x.Value, zero), x.IsBatched);
            var isPadding = Lanes.Same(Lax.One(op, Lax.Full(x.Shape, false, DType.Bool), true));
            return [Lanes.Batched(Lax.SelectN(isPadding.Repeated(axis), padded.Repeated(axis), value.Stretched(padded.Shape, axis)))];
        });
    }
}
