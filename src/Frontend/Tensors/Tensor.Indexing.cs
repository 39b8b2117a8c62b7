namespace BrainState;

/// <content>Basic indexing.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A part of the tensor, as NumPy's basic indexing takes it: <c>x[1..3, ^1]</c>, <c>x[TensorIndex.Ellipsis, 0]</c>, <c>x[TensorIndex.NewAxis]</c>.
    /// Axes that no index names are taken whole.
    /// </summary>
    /// <exception cref="IndexOutOfRangeException">A position is outside its axis, or there are more indices than axes.</exception>
    public Tensor this[params ReadOnlySpan<TensorIndex> indices] => Indexing.Take(this, indices);
}
