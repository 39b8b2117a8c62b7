using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>The geometry of a convolution over spatial axes, with one entry for each.</summary>
/// <param name="Strides">The distance of neighbouring windows; for a transposed convolution that of neighbouring inputs.</param>
/// <param name="Padding">What is added at the edges, or for a transposed convolution what is cut off.</param>
/// <param name="KernelDilation">The distance of neighbouring elements of the kernel.</param>
/// <param name="Groups">The number of groups of channels that are convolved separately.</param>
internal readonly record struct ConvolutionAttributes(ValueArray<int> Strides, ValueArray<EdgePadding> Padding, ValueArray<int> KernelDilation, int Groups)
{
    /// <summary>As an engine reads them.</summary>
    public ValueArray<OpParameter> Describe() =>
    [
        new("groups", (long)Groups), new("kernel_dilation", Ints(KernelDilation)), new("padding", Edges(Padding)), new("strides", Ints(Strides)),
    ];

    /// <summary>Integers as an attribute.</summary>
    public static ValueArray<object?> Ints(ValueArray<int> values) => values.Select(static v => (object?)(long)v).ToValueArray();

    /// <summary>Padding as an attribute: a tuple of (low, high).</summary>
    public static ValueArray<object?> Edges(ValueArray<EdgePadding> padding) =>
        padding.Select(static p => (object?)OpParameter.Tuple((long)p.Low, (long)p.High)).ToValueArray();
}
