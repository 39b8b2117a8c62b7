using BrainState.Ops;
using static BrainState.Batching.BatchRules;

namespace BrainState.Batching;

/// <summary>
/// Batching of convolutions, which have no batch axes to spare: lanes become part of the batch, of the output features, or feature groups, and the result
/// is taken apart again.
/// </summary>
internal static class ConvolutionRules
{
    public static void Define() => Table.Define<ConvGeneralDilated>(static (op, operands, axis) =>
    {
        var (conv, x, kernel) = ((ConvGeneralDilated)op, operands[0], operands[1]);
        var (d, lanes) = (conv.DimensionNumbers, axis.Size);
        var groups = conv.FeatureGroupCount * conv.BatchGroupCount;
        if (lanes == 0)
        {
            // There is no convolution with no groups.
            var lane = op.Infer([x.Value.Spec.With(x.Shape), kernel.Value.Spec.With(kernel.Shape)])[0];
            return [Lanes.Batched(Lax.Full(lane.Shape.Insert(0, 0), 0, lane.DType))];
        }
        if (!kernel.IsBatched)
        {
            var input = Merge(x.Value, d.Lhs[0], conv.BatchGroupCount);
            return [Lanes.Batched(Split(Lax.One(conv, input, kernel.Value), d.Out[0], lanes, 1))];
        }
        if (!x.IsBatched)
        {
            var features = Merge(kernel.Value, d.Rhs[0], groups);
            return [Lanes.Batched(Split(Lax.One(conv, x.Value, features), d.Out[1], lanes, groups))];
        }
        var grouped = conv.BatchGroupCount > 1
            ? conv with { BatchGroupCount = conv.BatchGroupCount * lanes }
            : conv with { FeatureGroupCount = conv.FeatureGroupCount * lanes };
        var both = Merge(x.Value, d.Lhs[conv.BatchGroupCount > 1 ? 0 : 1], 1);
        return [Lanes.Batched(Split(Lax.One(grouped, both, Merge(kernel.Value, d.Rhs[0], 1)), d.Out[1], lanes, 1))];
    });

    /// <summary>The batch axis merged into an axis of the lanes, inside each of so many groups of that axis.</summary>
    private static Tensor Merge(Tensor x, int into, int groups)
    {
        var (lanes, lane) = (x.Shape[0], x.Shape.Without([0]));
        var size = lane[into];
        int[] apart = [lanes, .. lane.Dims[..into], groups, size / groups, .. lane.Dims[(into + 1)..]];
        return Lax.Reshape(Move(Lax.Reshape(x, apart), 0, into + 1), lane.With(into, lanes * size));
    }

    /// <summary>The inverse of <see cref="Merge"/>.</summary>
    private static Tensor Split(Tensor x, int from, int lanes, int groups)
    {
        var size = x.Shape[from] / lanes;
        int[] apart = [.. x.Shape.Dims[..from], groups, lanes, size / groups, .. x.Shape.Dims[(from + 1)..]];
        return Lax.Reshape(Move(Lax.Reshape(x, apart), from + 1, 0), x.Shape.With(from, size).Insert(0, lanes));
    }
}
