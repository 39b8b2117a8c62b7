using BrainState.Ops;

namespace BrainState;

/// <content>Reading and changing windows at computed positions.</content>
public static partial class Lax
{
    /// <summary>One window of x per index vector; see <see cref="Ops.Gather"/>.</summary>
    public static Tensor Gather(
        Tensor x, Tensor indices, GatherDimensionNumbers dimensionNumbers, ValueArray<int> sliceSizes, IndexMode mode = IndexMode.FillOrDrop, double? fillValue = null) =>
        One(new Gather(dimensionNumbers, sliceSizes, mode, fillValue), x, indices);

    /// <summary>x with windows replaced; see <see cref="Ops.Scatter"/>.</summary>
    public static Tensor Scatter(
        Tensor x, Tensor indices, Tensor updates, ScatterDimensionNumbers dimensionNumbers, IndexMode mode = IndexMode.FillOrDrop, bool uniqueIndices = false) =>
        One(new Scatter(dimensionNumbers, mode, uniqueIndices), x, indices, updates);

    /// <summary>x with windows added to; see <see cref="Ops.ScatterAdd"/>.</summary>
    public static Tensor ScatterAdd(
        Tensor x, Tensor indices, Tensor updates, ScatterDimensionNumbers dimensionNumbers, IndexMode mode = IndexMode.FillOrDrop, bool uniqueIndices = false) =>
        One(new ScatterAdd(dimensionNumbers, mode, uniqueIndices), x, indices, updates);

    /// <summary>x with windows multiplied; see <see cref="Ops.ScatterMul"/>.</summary>
    public static Tensor ScatterMul(
        Tensor x, Tensor indices, Tensor updates, ScatterDimensionNumbers dimensionNumbers, IndexMode mode = IndexMode.FillOrDrop, bool uniqueIndices = false) =>
        One(new ScatterMul(dimensionNumbers, mode, uniqueIndices), x, indices, updates);

    /// <summary>x with the smaller of its windows and the updates; see <see cref="Ops.ScatterMin"/>.</summary>
    public static Tensor ScatterMin(
        Tensor x, Tensor indices, Tensor updates, ScatterDimensionNumbers dimensionNumbers, IndexMode mode = IndexMode.FillOrDrop, bool uniqueIndices = false) =>
        One(new ScatterMin(dimensionNumbers, mode, uniqueIndices), x, indices, updates);

    /// <summary>x with the larger of its windows and the updates; see <see cref="Ops.ScatterMax"/>.</summary>
    public static Tensor ScatterMax(
        Tensor x, Tensor indices, Tensor updates, ScatterDimensionNumbers dimensionNumbers, IndexMode mode = IndexMode.FillOrDrop, bool uniqueIndices = false) =>
        One(new ScatterMax(dimensionNumbers, mode, uniqueIndices), x, indices, updates);
}
