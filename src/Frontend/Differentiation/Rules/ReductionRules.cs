using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Derivatives of reductions.</summary>
internal static class ReductionRules
{
    public static void Define()
    {
        Linear<ReduceSum>((op, ct, operands) => [Spread(ct[0]!, operands[0].Spec.Shape, ((ReduceSum)op).Axes)]);
        Jvps.Define<ReduceProd>(Product);
        Jvps.Define<ReduceMax>((op, x, t) => Extreme(op, x[0], t[0]!, ((ReduceMax)op).Axes));
        Jvps.Define<ReduceMin>((op, x, t) => Extreme(op, x[0], t[0]!, ((ReduceMin)op).Axes));
        Constant<ReduceAnd>();
        Constant<ReduceOr>();
        Constant<ReduceXor>();
        Constant<ArgMax>();
        Constant<ArgMin>();
    }

    /// <summary>A reduced tensor repeated along the axes that were reduced.</summary>
    private static Tensor Spread(Tensor reduced, Shape shape, ValueArray<int> axes) =>
        Lax.BroadcastInDim(reduced, shape, Enumerable.Range(0, shape.Rank).Where(axis => !axes.Contains(axis)).ToValueArray());

    /// <summary>The tangent of an extreme is the mean of the tangents at the places where it is attained.</summary>
    private static (Tensor[], Tensor?[]) Extreme(Op op, Tensor x, Tensor tangent, ValueArray<int> axes)
    {
        var output = Lax.One(op, x);
        var attained = Lax.ConvertElementType(Lax.Eq(x, Spread(output, x.Shape, axes)), x.DType);
        var weights = Lax.Div(attained, Spread(Lax.ReduceSum(attained, axes), x.Shape, axes));
        return ([output], [Lax.ReduceSum(Lax.Mul(tangent, weights), axes)]);
    }

    /// <summary>
    /// The product rule without division, so that zeros are no exception: halves are multiplied pairwise, and each product has the ordinary
    /// tangent of a multiplication.
    /// </summary>
    private static (Tensor[], Tensor?[]) Product(Op op, Tensor[] primals, Tensor?[] tangents)
    {
        var axes = ((ReduceProd)op).Axes;
        var (x, t) = (primals[0], tangents[0]!);
        var output = Lax.One(op, x);

        var kept = Enumerable.Range(0, x.Rank).Where(axis => !axes.Contains(axis)).ToArray();
        var order = axes.Concat(kept).ToValueArray();
        Tensor Rows(Tensor v) => Lax.Reshape(Lax.Transpose(v, order), [(int)axes.Aggregate(1L, (n, a) => n * x.Shape[a]), .. kept.Select(a => x.Shape[a])]);
        (x, t) = (Rows(x), Rows(t));
        if (x.Shape[0] == 0) return ([output], [null]);
        while (x.Shape[0] > 1)
        {
            var (half, isOdd) = (x.Shape[0] / 2, x.Shape[0] % 2 == 1);
            var (a, ta, b, tb) = (Lax.SliceInDim(x, 0, half), Lax.SliceInDim(t, 0, half), Lax.SliceInDim(x, half, 2 * half), Lax.SliceInDim(t, half, 2 * half));
            var (product, tangent) = (Lax.Mul(a, b), Lax.Add(Lax.Mul(ta, b), Lax.Mul(a, tb)));
            x = isOdd ? Lax.Concatenate([product, Lax.SliceInDim(x, 2 * half, 2 * half + 1)], 0) : product;
            t = isOdd ? Lax.Concatenate([tangent, Lax.SliceInDim(t, 2 * half, 2 * half + 1)], 0) : tangent;
        }
        return ([output], [Lax.Reshape(t, output.Shape)]);
    }
}
