using BrainState.Nn.Composites;

namespace BrainState.Nn;

/// <content>Pooling. Spatial axes and then channels come last; what is before them is the batch.</content>
public static partial class Functional
{
    /// <summary>The largest element of each window; padding is never chosen.</summary>
    /// <param name="x">The input, <c>[…batch, …spatial, channels]</c>.</param>
    /// <param name="size">The size of a window along each spatial axis.</param>
    /// <param name="strides">The distance of neighbouring windows, for each axis or one for all; the size of a window unless given.</param>
    /// <param name="padding">The padding; none unless given.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static Tensor MaxPool(Tensor x, ValueArray<int> size, ValueArray<int>? strides = null, Padding? padding = null)
    {
        x = Floating(x, nameof(MaxPool));
        var windows = Windows(x, size, strides ?? size, padding);
        return Batched(nameof(MaxPool), x, size.Count, [], windows, o => MaxPoolDefinition.Instance.Apply(windows, o)[0]);
    }

    /// <summary>The mean of each window.</summary>
    /// <param name="x">The input, <c>[…batch, …spatial, channels]</c>.</param>
    /// <param name="size">The size of a window along each spatial axis.</param>
    /// <param name="strides">The distance of neighbouring windows, for each axis or one for all; 1 unless given.</param>
    /// <param name="padding">The padding; none unless given.</param>
    /// <param name="countPadding">Whether padding counts as zeros; otherwise the mean is that of the elements under the window.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static Tensor AvgPool(Tensor x, ValueArray<int> size, ValueArray<int>? strides = null, Padding? padding = null, bool countPadding = false)
    {
        x = Floating(x, nameof(AvgPool));
        var windows = Windows(x, size, strides, padding) with { CountPadding = countPadding };
        return Batched(nameof(AvgPool), x, size.Count, [], windows, o => AvgPoolDefinition.Instance.Apply(windows, o)[0]);
    }

    private static PoolAttributes Windows(Tensor x, ValueArray<int> size, ValueArray<int>? strides, Padding? padding)
    {
        var steps = PerAxis(strides, size.Count, nameof(strides));
        return new(size, steps, (padding ?? Padding.Valid).For(Spatial(x.Shape, size.Count), size, steps));
    }
}
