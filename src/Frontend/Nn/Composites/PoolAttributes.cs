using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>The windows of pooling over spatial axes, with one entry for each; x is <c>[batch, …spatial, channels]</c>.</summary>
/// <param name="Size">The number of elements of a window.</param>
/// <param name="Strides">The distance of neighbouring windows.</param>
/// <param name="Padding">What is added at the edges.</param>
/// <param name="CountPadding">Whether an average counts padding as zeros.</param>
internal readonly record struct PoolAttributes(ValueArray<int> Size, ValueArray<int> Strides, ValueArray<EdgePadding> Padding, bool CountPadding = false)
{
    /// <summary>The window over all axes of x.</summary>
    public Window Window => new([1, .. Size, 1], [1, .. Strides, 1], [default, .. Padding, default]);
}
