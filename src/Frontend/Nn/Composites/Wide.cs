namespace BrainState.Nn.Composites;

/// <summary>Arithmetic that composites share. float16 and bfloat16 are computed in float32 and rounded once, at the end.</summary>
internal static class Wide
{
    /// <summary>The dtype that a small float is computed in.</summary>
    public static DType Of(DType dtype) => dtype is DType.Float16 or DType.BFloat16 ? DType.Float32 : dtype;

    /// <summary>x in the dtype it is computed in.</summary>
    public static Tensor From(Tensor x) => Lax.ConvertElementType(x, Of(x.DType));

    /// <summary>x rounded to a dtype.</summary>
    public static Tensor To(Tensor x, DType dtype) => Lax.ConvertElementType(x, dtype);

    /// <summary>The sum along axes, which stay with size 1.</summary>
    public static Tensor Sum(Tensor x, ValueArray<int> axes) => Kept(x, Lax.ReduceSum(x, axes), axes);

    /// <summary>The mean along axes, which stay with size 1.</summary>
    public static Tensor Mean(Tensor x, ValueArray<int> axes) => Lax.Div(Sum(x, axes), (double)axes.Aggregate(1L, (count, axis) => count * x.Shape[axis]));

    /// <summary>The largest element along axes, which stay with size 1, as a constant for derivatives; −∞ of nothing.</summary>
    public static Tensor Largest(Tensor x, ValueArray<int> axes) => Lax.StopGradient(Kept(x, Lax.ReduceMax(x, axes), axes));

    private static Tensor Kept(Tensor x, Tensor reduced, ValueArray<int> axes) => Lax.Reshape(reduced, axes.Aggregate(x.Shape, static (shape, axis) => shape.With(axis, 1)));
}
