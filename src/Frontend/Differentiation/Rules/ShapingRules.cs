using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Derivatives of ops that only move elements. They are linear; their transposes move the cotangents back.</summary>
internal static class ShapingRules
{
    public static void Define()
    {
        Linear<BroadcastInDim>((op, ct, operands) =>
        {
            // Sum over what was repeated: new axes, and operand axes of size 1 that were stretched.
            var broadcast = (BroadcastInDim)op;
            var operand = operands[0].Spec;
            var summed = Enumerable.Range(0, broadcast.Shape.Rank).Where(axis =>
                broadcast.BroadcastDimensions.IndexOf(axis) is var source && (source < 0 || operand.Shape[source] != broadcast.Shape[axis]));
            return [Lax.Reshape(Lax.ReduceSum(ct[0]!, summed.ToValueArray()), operand.Shape)];
        });
        Linear<Reshape>((_, ct, operands) => [Lax.Reshape(ct[0]!, operands[0].Spec.Shape)]);
        Linear<Transpose>((op, ct, _) =>
        {
            var permutation = ((Transpose)op).Permutation;
            return [Lax.Transpose(ct[0]!, ValueArray.Range(permutation.Count).OrderBy(axis => permutation[axis]).ToValueArray())];
        });
        Linear<Rev>((op, ct, _) => [Lax.Rev(ct[0]!, ((Rev)op).Dimensions)]);
        Linear<Concatenate>((op, ct, operands) =>
        {
            var axis = ((Concatenate)op).Dimension;
            var cotangents = new Tensor?[operands.Length];
            var offset = 0;
            for (var i = 0; i < operands.Length; i++)
            {
                var size = operands[i].Spec.Shape[axis];
                var (start, limit) = (new int[ct[0]!.Rank], ct[0]!.Shape.ToArray());
                (start[axis], limit[axis]) = (offset, offset + size);
                if (operands[i].IsLinear) cotangents[i] = Lax.Slice(ct[0]!, start.ToValueArray(), limit.ToValueArray());
                offset += size;
            }
            return cotangents;
        });
        Linear<Pad>((op, ct, operands) =>
        {
            // Crop what was added; a second pad of −interior does not exist, so take every (interior + 1)-th element.
            var padding = ((Pad)op).Padding;
            var zero = Lax.ConvertElementType(0, ct[0]!.DType);
            var cropped = Lax.Pad(ct[0]!, zero, padding.Select(static p => new PaddingConfig(-p.Low, -p.High, 0)).ToValueArray());
            var back = Lax.Slice(cropped, new int[cropped.Rank].ToValueArray(), cropped.Shape.ToValueArray(), padding.Select(static p => p.Interior + 1).ToValueArray());
            var all = ValueArray.Range(cropped.Rank);
            return
            [
                operands[0].IsLinear ? back : null,
                operands[1].IsLinear ? Lax.Sub(Lax.ReduceSum(ct[0]!, all), Lax.ReduceSum(back, all)) : null,
            ];
        });
        Constant<Iota>();
        Constant<RandomBits>();
    }
}
