using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Derivatives of slices: linear in the sliced tensors, with known positions.</summary>
internal static class SlicingRules
{
    public static void Define()
    {
        Linear<Slice>((op, ct, operands) =>
        {
            var slice = (Slice)op;
            var (cotangent, shape) = (ct[0]!, operands[0].Spec.Shape);
            var padding = Enumerable.Range(0, shape.Rank).Select(axis =>
            {
                var covered = cotangent.Shape[axis] == 0 ? 0 : (cotangent.Shape[axis] - 1) * slice.Strides[axis] + 1;
                return new PaddingConfig(slice.StartIndices[axis], shape[axis] - slice.StartIndices[axis] - covered, slice.Strides[axis] - 1);
            });
            return [Lax.Pad(cotangent, Lax.ConvertElementType(0, cotangent.DType), padding.ToValueArray())];
        });
        Linear<DynamicSlice>((_, ct, operands) =>
        {
            var cotangents = new Tensor?[operands.Length];
            cotangents[0] = Lax.DynamicUpdateSlice(Zeros(operands[0].Spec), ct[0]!, Starts(operands[1..]));
            return cotangents;
        });
        Linear<DynamicUpdateSlice>((_, ct, operands) =>
        {
            var (cotangents, starts) = (new Tensor?[operands.Length], Starts(operands[2..]));
            if (operands[0].IsLinear) cotangents[0] = Lax.DynamicUpdateSlice(ct[0]!, Zeros(operands[1].Spec), starts);
            if (operands[1].IsLinear) cotangents[1] = Lax.DynamicSlice(ct[0]!, starts, operands[1].Spec.Shape.ToValueArray());
            return cotangents;
        });
    }

    private static Tensor[] Starts(LinearOperand[] operands) => Array.ConvertAll(operands, static o => o.Known!);
}
