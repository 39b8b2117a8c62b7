using BrainState.Ops;

namespace BrainState;

/// <summary>How much a convolution or a window pads the edges of a tensor.</summary>
public enum PaddingMode
{
    /// <summary>Nothing: only windows that lie inside the tensor count.</summary>
    Valid,
    /// <summary>So much that there are ⌈size / stride⌉ windows; what cannot be divided evenly is added at the end.</summary>
    Same,
}

/// <content>Convolutions.</content>
public static partial class Lax
{
    /// <summary>A convolution; see <see cref="Ops.ConvGeneralDilated"/>.</summary>
    /// <param name="lhs">The input.</param>
    /// <param name="rhs">The kernel.</param>
    /// <param name="windowStrides">The distance of neighbouring windows, per spatial axis.</param>
    /// <param name="padding">What is added at the edges of each spatial axis.</param>
    /// <param name="lhsDilation">The distance of neighbouring elements of the input; 1 unless given.</param>
    /// <param name="rhsDilation">The distance of neighbouring elements of the kernel; 1 unless given.</param>
    /// <param name="dimensionNumbers">Where the axes are: unless given, batch, feature, spatial axes, and for the kernel output feature, input feature, spatial axes.</param>
    /// <param name="featureGroupCount">The number of groups of features that are convolved separately.</param>
    /// <param name="batchGroupCount">The number of groups of the batch that are convolved separately.</param>
    /// <param name="preferredElementType">The dtype of the result; that of the operands unless given.</param>
    public static Tensor ConvGeneralDilated(
        Tensor lhs, Tensor rhs, ValueArray<int> windowStrides, ValueArray<EdgePadding> padding, ValueArray<int>? lhsDilation = null, ValueArray<int>? rhsDilation = null,
        ConvDimensionNumbers? dimensionNumbers = null, int featureGroupCount = 1, int batchGroupCount = 1, DType? preferredElementType = null)
    {
        var ones = Enumerable.Repeat(1, windowStrides.Count).ToValueArray();
        var axes = ValueArray.Range(lhs.Rank);
        var op = new ConvGeneralDilated(
            dimensionNumbers ?? new(axes, axes, axes), windowStrides, padding, lhsDilation ?? ones, rhsDilation ?? ones, featureGroupCount, batchGroupCount, preferredElementType ?? lhs.DType);
        return One(op, lhs, rhs);
    }

    /// <inheritdoc cref="ConvGeneralDilated(Tensor, Tensor, ValueArray{int}, ValueArray{EdgePadding}, ValueArray{int}?, ValueArray{int}?, ConvDimensionNumbers?, int, int, DType?)"/>
    public static Tensor ConvGeneralDilated(
        Tensor lhs, Tensor rhs, ValueArray<int> windowStrides, PaddingMode padding, ValueArray<int>? lhsDilation = null, ValueArray<int>? rhsDilation = null,
        ConvDimensionNumbers? dimensionNumbers = null, int featureGroupCount = 1, int batchGroupCount = 1, DType? preferredElementType = null)
    {
        var spatial = Enumerable.Range(0, windowStrides.Count);
        int LhsAxis(int i) => dimensionNumbers?.Lhs[i + 2] ?? i + 2;
        int RhsAxis(int i) => dimensionNumbers?.Rhs[i + 2] ?? i + 2;
        var sizes = spatial.Select(i => Dilated(lhs.Shape[LhsAxis(i)], lhsDilation?[i] ?? 1));
        var windows = spatial.Select(i => Dilated(rhs.Shape[RhsAxis(i)], rhsDilation?[i] ?? 1));
        return ConvGeneralDilated(
            lhs, rhs, windowStrides, PaddingOf(padding, sizes.ToValueArray(), windows.ToValueArray(), windowStrides), lhsDilation, rhsDilation,
            dimensionNumbers, featureGroupCount, batchGroupCount, preferredElementType);
    }

    /// <summary>A convolution of <c>[batch, feature, …]</c> with a kernel <c>[output feature, input feature, …]</c>, without dilation or groups.</summary>
    public static Tensor Conv(Tensor lhs, Tensor rhs, ValueArray<int> windowStrides, PaddingMode padding) => ConvGeneralDilated(lhs, rhs, windowStrides, padding);

    /// <summary>The padding of each axis that a mode stands for.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="sizes">The sizes of the axes, dilated.</param>
    /// <param name="windows">The extents of the window along them, dilated.</param>
    /// <param name="strides">The distance of neighbouring windows.</param>
    public static ValueArray<EdgePadding> PaddingOf(PaddingMode mode, ValueArray<int> sizes, ValueArray<int> windows, ValueArray<int> strides) =>
        Enumerable.Range(0, sizes.Count).Select(i =>
        {
            if (mode == PaddingMode.Valid) return default;
            var count = (sizes[i] + strides[i] - 1) / strides[i];
            var missing = Math.Max(0, (count - 1) * strides[i] + windows[i] - sizes[i]);
            return new EdgePadding(missing / 2, missing - missing / 2);
        }).ToValueArray();

    private static int Dilated(int size, int dilation) => size == 0 ? 0 : (size - 1) * dilation + 1;
}
