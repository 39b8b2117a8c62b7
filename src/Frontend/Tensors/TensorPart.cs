using BrainState.Ops;

namespace BrainState;

/// <summary>
/// A part of a tensor, to make a tensor where it is changed; from <see cref="Tensor.At"/>. Values are broadcast to the shape of the part and converted to the dtype of the tensor.
/// Computed positions outside the tensor are ignored. A place that is named several times is set to one of the values (the last), and added to or multiplied by each.
/// </summary>
public readonly struct TensorPart
{
    private readonly Tensor tensor;
    private readonly TensorIndex[] indices;

    internal TensorPart(Tensor tensor, ReadOnlySpan<TensorIndex> indices) => (this.tensor, this.indices) = (tensor, indices.ToArray());

    /// <summary>The part itself.</summary>
    public Tensor Get() => tensor[indices];

    /// <summary>The tensor with the part replaced.</summary>
    public Tensor Set(Tensor values) => Change(values, static (d, mode) => new Scatter(d, mode, false));

    /// <summary>The tensor with values added to the part.</summary>
    public Tensor Add(Tensor values) => Change(values, static (d, mode) => new ScatterAdd(d, mode, false));

    /// <summary>The tensor with values subtracted from the part.</summary>
    public Tensor Subtract(Tensor values) => Add(Np.Negative(values));

    /// <summary>The tensor with the part multiplied by values.</summary>
    public Tensor Multiply(Tensor values) => Change(values, static (d, mode) => new ScatterMul(d, mode, false));

    /// <summary>The tensor with the part divided by values.</summary>
    public Tensor Divide(Tensor values) => Np.Divide(tensor, new TensorPart(Np.OnesLike(tensor), indices).Multiply(values));

    /// <summary>The tensor with the smaller of the part and the values.</summary>
    public Tensor Min(Tensor values) => Change(values, static (d, mode) => new ScatterMin(d, mode, false));

    /// <summary>The tensor with the larger of the part and the values.</summary>
    public Tensor Max(Tensor values) => Change(values, static (d, mode) => new ScatterMax(d, mode, false));

    /// <summary>Indexing the numbers of the elements tells which ones the part consists of, whatever the kinds of index.</summary>
    private Tensor Change(Tensor values, Func<ScatterDimensionNumbers, IndexMode, Op> scatter)
    {
        var numbers = Lax.Reshape(Lax.Iota(DType.Int32, [checked((int)tensor.Size)], 0), tensor.Shape);
        var places = Indexing.Take(numbers, indices, IndexMode.FillOrDrop);
        var updates = Broadcasting.To(Lax.ConvertElementType(values, tensor.DType), places.Shape);
        var flat = Lax.Reshape(tensor, [checked((int)tensor.Size)]);
        var changed = Lax.One(scatter(new([], [0], [0]), IndexMode.FillOrDrop), flat, Np.ExpandDims(places, places.Rank), updates);
        return Lax.Reshape(changed, tensor.Shape);
    }
}
