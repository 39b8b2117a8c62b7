using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Derivatives of slices: linear in the sliced tensors, with known positions.</summary>
internal static class SlicingRules
{
    public static void Define()
    {
        Linear<Slice>((op, ct, operands) => [Padded((Slice)op, ct[0]!, operands[0].Spec.Shape)]);
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

    /// <summary>
    /// The cotangent of a value from those of slices of it: one concatenation if they lie side by side along one axis, as the gates of a cell do, and a sum of padded ones otherwise.
    /// </summary>
    public static Tensor Transpose(TensorSpec sliced, IReadOnlyList<(Slice Slice, Tensor Cotangent)> slices)
    {
        if (slices.Count > 1 && SideBySide(sliced, slices) is { } joined) return joined;
        return slices.Select(s => Padded(s.Slice, s.Cotangent, sliced.Shape)).Aggregate(static (a, b) => Lax.Add(a, b));
    }

    private static Tensor? SideBySide(TensorSpec sliced, IReadOnlyList<(Slice Slice, Tensor Cotangent)> slices)
    {
        if (slices.Any(static s => s.Slice.Strides.Any(static stride => stride != 1))) return null;
        bool IsCut(int axis) => slices.Any(s => s.Slice.LimitIndices[axis] - s.Slice.StartIndices[axis] != sliced.Shape[axis]);
        int[] cut = [.. Enumerable.Range(0, sliced.Rank).Where(IsCut)];
        if (cut is not [var axis]) return null;

        var (parts, end) = (new List<Tensor>(), 0);
        void FillUpTo(int start)
        {
            if (start > end) parts.Add(Zeros(sliced.With(sliced.Shape.Without([axis]).Insert(axis, start - end))));
        }
        foreach (var (slice, cotangent) in slices.OrderBy(s => s.Slice.StartIndices[axis]))
        {
            if (slice.StartIndices[axis] < end) return null;
            FillUpTo(slice.StartIndices[axis]);
            parts.Add(cotangent);
            end = slice.LimitIndices[axis];
        }
        FillUpTo(sliced.Shape[axis]);
        return Lax.Concatenate([.. parts], axis);
    }

    /// <summary>A cotangent in the places that the slice took, among zeros.</summary>
    private static Tensor Padded(Slice slice, Tensor cotangent, Shape shape)
    {
        var padding = Enumerable.Range(0, shape.Rank).Select(axis =>
        {
            var covered = cotangent.Shape[axis] == 0 ? 0 : (cotangent.Shape[axis] - 1) * slice.Strides[axis] + 1;
            return new PaddingConfig(slice.StartIndices[axis], shape[axis] - slice.StartIndices[axis] - covered, slice.Strides[axis] - 1);
        });
        return Lax.Pad(cotangent, Lax.ConvertElementType(0, cotangent.DType), padding.ToValueArray());
    }

    private static Tensor[] Starts(LinearOperand[] operands) => Array.ConvertAll(operands, static o => o.Known!);
}
