using BrainState.Execution;
using BrainState.Ops;
using BrainState.Tracing;

namespace BrainState;

/// <summary>
/// The primitives, one function per op, with the names and semantics of <c>jax.lax</c>: no implicit promotion or broadcasting.
/// <see cref="Np"/> has the NumPy functions that are made of them.
/// </summary>
public static partial class Lax
{
    /// <summary>x placed in a larger shape; see <see cref="Ops.BroadcastInDim"/>.</summary>
    public static Tensor BroadcastInDim(Tensor x, Shape shape, ValueArray<int> broadcastDimensions) =>
        x.Shape == shape && broadcastDimensions == ValueArray.Range(x.Rank) ? Unchanged(x) : One(new BroadcastInDim(shape, broadcastDimensions), x);

    /// <summary>The same elements under another shape; see <see cref="Ops.Reshape"/>.</summary>
    public static Tensor Reshape(Tensor x, Shape newSizes) => x.Shape == newSizes ? Unchanged(x) : One(new Reshape(newSizes), x);

    /// <summary>Axes in another order; see <see cref="Ops.Transpose"/>.</summary>
    public static Tensor Transpose(Tensor x, ValueArray<int> permutation) =>
        permutation == ValueArray.Range(x.Rank) ? Unchanged(x) : One(new Transpose(permutation), x);

    /// <summary>Axes reversed; see <see cref="Ops.Rev"/>.</summary>
    public static Tensor Rev(Tensor x, ValueArray<int> dimensions) => dimensions.Count == 0 ? Unchanged(x) : One(new Rev(dimensions), x);

    /// <summary>Tensors joined along an axis; see <see cref="Ops.Concatenate"/>.</summary>
    public static Tensor Concatenate(ReadOnlySpan<Tensor> operands, int dimension) =>
        operands.Length == 1 ? Unchanged(operands[0]) : One(new Concatenate(dimension), operands);

    /// <summary>x surrounded by and interleaved with a value; see <see cref="Ops.Pad"/>.</summary>
    public static Tensor Pad(Tensor x, Tensor value, ValueArray<PaddingConfig> padding) =>
        One(new Pad(padding), x, value.WithLiteralDType(x.DType, true) ?? value);

    /// <summary>0, 1, 2, … along one axis; see <see cref="Ops.Iota"/>.</summary>
    public static Tensor Iota(DType dtype, Shape shape, int dimension) => One(new Iota(dtype, shape, dimension));

    /// <summary>A tensor filled with one value.</summary>
    public static Tensor Full(Shape shape, Tensor value, DType dtype) => BroadcastInDim(ConvertElementType(value, dtype), shape, []);

    /// <summary>A block at a fixed position; see <see cref="Ops.Slice"/>.</summary>
    public static Tensor Slice(Tensor x, ValueArray<int> startIndices, ValueArray<int> limitIndices, ValueArray<int>? strides = null)
    {
        var steps = strides ?? Enumerable.Repeat(1, x.Rank).ToValueArray();
        var isWhole = x.Rank == startIndices.Count && startIndices.All(static s => s == 0) && limitIndices.SequenceEqual(x.Shape) && steps.All(static s => s == 1);
        return isWhole ? Unchanged(x) : One(new Slice(startIndices, limitIndices, steps), x);
    }

    /// <summary>Elements start, start + stride, … below limit of one axis, and all of the others.</summary>
    public static Tensor SliceInDim(Tensor x, int start, int limit, int stride = 1, int axis = 0)
    {
        var (starts, limits, strides) = (new int[x.Rank], x.Shape.ToArray(), Enumerable.Repeat(1, x.Rank).ToArray());
        (starts[axis], limits[axis], strides[axis]) = (start, limit, stride);
        return Slice(x, starts.ToValueArray(), limits.ToValueArray(), strides.ToValueArray());
    }

    /// <summary>A block of fixed size at a computed position; see <see cref="Ops.DynamicSlice"/>.</summary>
    public static Tensor DynamicSlice(Tensor x, ReadOnlySpan<Tensor> startIndices, ValueArray<int> sliceSizes) =>
        One(new DynamicSlice(sliceSizes), [x, .. startIndices]);

    /// <summary>x with a block replaced; see <see cref="Ops.DynamicUpdateSlice"/>.</summary>
    public static Tensor DynamicUpdateSlice(Tensor x, Tensor update, params ReadOnlySpan<Tensor> startIndices) =>
        One(new DynamicUpdateSlice(), [x, update, .. startIndices]);

    /// <summary>The sum over axes; see <see cref="Ops.ReduceSum"/>.</summary>
    public static Tensor ReduceSum(Tensor x, ValueArray<int> axes) => axes.Count == 0 ? Unchanged(x) : One(new ReduceSum(axes), x);

    /// <summary>The product over axes; see <see cref="Ops.ReduceProd"/>.</summary>
    public static Tensor ReduceProd(Tensor x, ValueArray<int> axes) => axes.Count == 0 ? Unchanged(x) : One(new ReduceProd(axes), x);

    /// <summary>The largest element over axes; see <see cref="Ops.ReduceMax"/>.</summary>
    public static Tensor ReduceMax(Tensor x, ValueArray<int> axes) => axes.Count == 0 ? Unchanged(x) : One(new ReduceMax(axes), x);

    /// <summary>The smallest element over axes; see <see cref="Ops.ReduceMin"/>.</summary>
    public static Tensor ReduceMin(Tensor x, ValueArray<int> axes) => axes.Count == 0 ? Unchanged(x) : One(new ReduceMin(axes), x);

    /// <summary>Bits set in all elements over axes; see <see cref="Ops.ReduceAnd"/>.</summary>
    public static Tensor ReduceAnd(Tensor x, ValueArray<int> axes) => axes.Count == 0 ? Unchanged(x) : One(new ReduceAnd(axes), x);

    /// <summary>Bits set in any element over axes; see <see cref="Ops.ReduceOr"/>.</summary>
    public static Tensor ReduceOr(Tensor x, ValueArray<int> axes) => axes.Count == 0 ? Unchanged(x) : One(new ReduceOr(axes), x);

    /// <summary>Bits set in an odd number of elements over axes; see <see cref="Ops.ReduceXor"/>.</summary>
    public static Tensor ReduceXor(Tensor x, ValueArray<int> axes) => axes.Count == 0 ? Unchanged(x) : One(new ReduceXor(axes), x);

    /// <summary>The position of the largest element along an axis; see <see cref="Ops.ArgMax"/>.</summary>
    public static Tensor ArgMax(Tensor x, int axis, DType indexDType = DType.Int32) => One(new ArgMax(axis, indexDType), x);

    /// <summary>The position of the smallest element along an axis; see <see cref="Ops.ArgMin"/>.</summary>
    public static Tensor ArgMin(Tensor x, int axis, DType indexDType = DType.Int32) => One(new ArgMin(axis, indexDType), x);

    /// <summary>A product summed over contracting axes; see <see cref="Ops.DotGeneral"/>.</summary>
    public static Tensor DotGeneral(
        Tensor lhs, Tensor rhs, ValueArray<int> lhsContracting, ValueArray<int> rhsContracting,
        ValueArray<int> lhsBatch = default, ValueArray<int> rhsBatch = default, DType? preferredElementType = null) =>
        One(new DotGeneral(lhsContracting, rhsContracting, lhsBatch, rhsBatch, preferredElementType ?? lhs.DType), lhs, rhs);

    /// <summary>All operands sorted along an axis by the first <paramref name="keyCount"/>; see <see cref="Ops.Sort"/>.</summary>
    public static Tensor[] Sort(ReadOnlySpan<Tensor> operands, int dimension, int keyCount = 1) => Eager.Bind(new Sort(dimension, keyCount), operands);

    /// <summary>The k largest elements along the last axis in descending order, and their positions; see <see cref="Ops.TopK"/>.</summary>
    public static (Tensor Values, Tensor Indices) TopK(Tensor x, int k) => Two(new TopK(k), x);

    /// <summary>Uniform random bits for a key <c>uint32[…, 2]</c>; see <see cref="Ops.RandomBits"/>.</summary>
    public static Tensor RandomBits(Tensor key, DType dtype, Shape shape) => One(new RandomBits(dtype, shape), key);

    /// <summary>The operands, kept apart from equal computations by every pass; see <see cref="Ops.OptimizationBarrier"/>.</summary>
    public static Tensor[] OptimizationBarrier(params ReadOnlySpan<Tensor> operands) => Eager.Bind(new OptimizationBarrier(), operands);

    private static (Tensor, Tensor) Two(Op op, Tensor x)
    {
        var results = Eager.Bind(op, x);
        return (results[0], results[1]);
    }

    private static (Tensor, Tensor, Tensor) Three(Op op, Tensor x)
    {
        var results = Eager.Bind(op, x);
        return (results[0], results[1], results[2]);
    }

    /// <summary>What a function that has nothing to do returns: outside of traces another handle, so that disposing the result leaves the operand alone.</summary>
    internal static Tensor Unchanged(Tensor x) => Trace.Current is null ? x.Share() : x;
}
