using BrainState.Ops;

namespace BrainState;

/// <content>Basic indexing.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A part of the tensor, as NumPy's indexing takes it: <c>x[1..3, ^1]</c>, <c>x[TensorIndex.Ellipsis, 0]</c>, <c>x[TensorIndex.NewAxis]</c>, and with integer
    /// tensors <c>x[rows, columns]</c>. Axes that no index names are taken whole.
    /// </summary>
    /// <exception cref="IndexOutOfRangeException">A position is outside its axis, or there are more indices than axes.</exception>
    public Tensor this[params ReadOnlySpan<TensorIndex> indices] => Indexing.Take(this, indices, IndexMode.Clip);

    /// <summary>
    /// A part of the tensor, as indexing takes it, to make a tensor where it is changed: <c>x.At(1..3).Set(0)</c>, <c>x.At(ids).Add(rows)</c>. Tensors are immutable:
    /// the result is another one.
    /// </summary>
    public TensorPart At(params ReadOnlySpan<TensorIndex> indices) => new(this, indices);
}
