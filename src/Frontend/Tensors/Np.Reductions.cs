using BrainState.Execution;

namespace BrainState;

/// <content>Reductions. Without an axis they combine all elements.</content>
public static partial class Np
{
    /// <summary>The sum. Bool and small integers add up in the default integer dtype of their kind, float16 and bfloat16 in float32 before rounding.</summary>
    public static Tensor Sum(Tensor x, Axes axis = default, bool keepDims = false) =>
        Reduce(nameof(Sum), x, axis, keepDims, static (x, axes) => Accumulate(Widen(x), v => Lax.ReduceSum(v, axes)));

    /// <summary>The product, accumulated as in <see cref="Sum"/>.</summary>
    public static Tensor Prod(Tensor x, Axes axis = default, bool keepDims = false) =>
        Reduce(nameof(Prod), x, axis, keepDims, static (x, axes) => Accumulate(Widen(x), v => Lax.ReduceProd(v, axes)));

    /// <summary>The arithmetic mean; integers give floats; NaN over nothing.</summary>
    public static Tensor Mean(Tensor x, Axes axis = default, bool keepDims = false) =>
        Reduce(nameof(Mean), x, axis, keepDims, static (x, axes) =>
            Accumulate(ToInexact(x), v => Lax.Div(Lax.ReduceSum(v, axes), CountAlong(x, axes))));

    /// <summary>The variance: the mean square of the deviations from the mean. <paramref name="ddof"/> is subtracted from the divisor.</summary>
    public static Tensor Var(Tensor x, Axes axis = default, bool keepDims = false, int ddof = 0) =>
        Reduce((nameof(Var), ddof).ToString(), x, axis, keepDims, (x, axes) => Accumulate(ToInexact(x), v =>
        {
            var deviation = Lax.Sub(v, Broadcasting.To(Mean(v, Axes.Create(axes.Span), keepDims: true), v.Shape));
            return Lax.Div(Lax.ReduceSum(Lax.Square(deviation), axes), CountAlong(x, axes) - ddof);
        }));

    /// <summary>The standard deviation: the square root of <see cref="Var"/>.</summary>
    public static Tensor Std(Tensor x, Axes axis = default, bool keepDims = false, int ddof = 0) => Sqrt(Var(x, axis, keepDims, ddof));

    /// <summary>The largest element; NaN if any is.</summary>
    /// <exception cref="ArgumentException">There is nothing to choose from.</exception>
    public static Tensor Max(Tensor x, Axes axis = default, bool keepDims = false) =>
        Reduce(nameof(Max), x, axis, keepDims, static (x, axes) => Lax.ReduceMax(RequireElements(x, axes), axes));

    /// <summary>The smallest element; NaN if any is.</summary>
    /// <exception cref="ArgumentException">There is nothing to choose from.</exception>
    public static Tensor Min(Tensor x, Axes axis = default, bool keepDims = false) =>
        Reduce(nameof(Min), x, axis, keepDims, static (x, axes) => Lax.ReduceMin(RequireElements(x, axes), axes));

    /// <summary>Whether all elements are not 0.</summary>
    public static Tensor All(Tensor x, Axes axis = default, bool keepDims = false) =>
        Reduce(nameof(All), x, axis, keepDims, static (x, axes) => Lax.ReduceAnd(Truth(x), axes));

    /// <summary>Whether some element is not 0.</summary>
    public static Tensor Any(Tensor x, Axes axis = default, bool keepDims = false) =>
        Reduce(nameof(Any), x, axis, keepDims, static (x, axes) => Lax.ReduceOr(Truth(x), axes));

    /// <summary>The position of the first largest element along an axis, or in the flattened tensor; a NaN counts as largest.</summary>
    public static Tensor ArgMax(Tensor x, int? axis = null) => axis is { } a
        ? Lax.ArgMax(x, Axes.Normalize(a, x.Rank), Environ.DefaultInteger)
        : Composed.Run(nameof(ArgMax), 0, [x], static (_, o) => Lax.ArgMax(Reshape(o[0], -1), 0, Environ.DefaultInteger));

    /// <summary>The position of the first smallest element along an axis, or in the flattened tensor; a NaN counts as smallest.</summary>
    public static Tensor ArgMin(Tensor x, int? axis = null) => axis is { } a
        ? Lax.ArgMin(x, Axes.Normalize(a, x.Rank), Environ.DefaultInteger)
        : Composed.Run(nameof(ArgMin), 0, [x], static (_, o) => Lax.ArgMin(Reshape(o[0], -1), 0, Environ.DefaultInteger));

    /// <summary>ln Σ eˣ without overflow.</summary>
    public static Tensor LogSumExp(Tensor x, Axes axis = default, bool keepDims = false) =>
        Reduce(nameof(LogSumExp), x, axis, keepDims, static (x, axes) => Accumulate(ToInexact(x), v =>
        {
            // Any shift is right; the maximum avoids overflow, and an infinite one must not be subtracted.
            var largest = Lax.StopGradient(Max(v, Axes.Create(axes.Span), keepDims: true));
            var shift = Where(IsFinite(largest), largest, 0.0);
            var sum = Lax.ReduceSum(Lax.Exp(Lax.Sub(v, Broadcasting.To(shift, v.Shape))), axes);
            return Lax.Add(Lax.Log(sum), Lax.Reshape(shift, sum.Shape));
        }));

    /// <summary>Running sums along an axis, or in the flattened tensor; accumulated as in <see cref="Sum"/>.</summary>
    public static Tensor CumSum(Tensor x, int? axis = null) => Accumulated(nameof(CumSum), x, axis, static (x, axis) => Lax.CumSum(Widen(x), axis));

    /// <summary>Running products along an axis, or in the flattened tensor.</summary>
    public static Tensor CumProd(Tensor x, int? axis = null) => Accumulated(nameof(CumProd), x, axis, static (x, axis) => Lax.CumProd(Widen(x), axis));

    private static Tensor Accumulated(string name, Tensor x, int? axis, Func<Tensor, int, Tensor> accumulate) => Composed.Run(name, axis, [x], (axis, operands) =>
        axis is { } a ? accumulate(operands[0], Axes.Normalize(a, operands[0].Rank)) : accumulate(Reshape(operands[0], -1), 0));

    private static Tensor Reduce(string name, Tensor x, Axes axis, bool keepDims, Func<Tensor, ValueArray<int>, Tensor> reduce)
    {
        var axes = axis.Of(x.Rank);
        return Composed.Run(name, (axes, keepDims), [x], (statics, operands) =>
        {
            var reduced = reduce(operands[0], statics.axes);
            if (!statics.keepDims) return reduced;
            var kept = operands[0].Shape.ToArray();
            foreach (var a in statics.axes) kept[a] = 1;
            return Lax.Reshape(reduced, kept);
        });
    }

    private static Tensor Widen(Tensor x) => x.DType.Kind switch
    {
        DTypeKinds.Bool => Lax.ConvertElementType(x, Environ.DefaultInteger),
        DTypeKinds.Signed when x.DType.Size < Environ.DefaultInteger.Size => Lax.ConvertElementType(x, Environ.DefaultInteger),
        DTypeKinds.Unsigned when x.DType.Size < Environ.DefaultInteger.Size =>
            Lax.ConvertElementType(x, Environ.DefaultInteger == DType.Int64 ? DType.UInt64 : DType.UInt32),
        _ => x,
    };

    private static Tensor ToInexact(Tensor x) => x.DType.IsDifferentiable ? x : Lax.ConvertElementType(x, Environ.DefaultFloat);

    /// <summary>Computes with small floats in float32, and rounds once.</summary>
    internal static Tensor Accumulate(Tensor x, Func<Tensor, Tensor> reduce) => x.DType is DType.Float16 or DType.BFloat16
        ? Lax.ConvertElementType(reduce(Lax.ConvertElementType(x, DType.Float32)), x.DType)
        : reduce(x);

    private static double CountAlong(Tensor x, ValueArray<int> axes) => axes.Aggregate(1.0, (count, axis) => count * x.Shape[axis]);

    private static Tensor RequireElements(Tensor x, ValueArray<int> axes) => axes.All(axis => x.Shape[axis] > 0)
        ? x
        : throw new ArgumentException($"There is no largest or smallest element along axes {axes} of {x.Spec}: one of them is empty.");
}
