using BrainState.Ops;
using BrainState.Tracing;

namespace BrainState;

/// <content>Collectives: values across a named axis, such as the lanes of a mapped function or the devices that run one program.</content>
public static partial class Lax
{
    /// <summary>The sum over all participants; see <see cref="Ops.PSum"/>.</summary>
    public static Tensor PSum(Tensor x, string axisName) => One(new PSum(axisName), x);

    /// <summary>The arithmetic mean over all participants.</summary>
    public static Tensor PMean(Tensor x, string axisName) => Div(PSum(x, axisName), PSum(ConvertElementType(1, x.DType), axisName));

    /// <summary>The largest over all participants; see <see cref="Ops.PMax"/>.</summary>
    public static Tensor PMax(Tensor x, string axisName) => One(new PMax(axisName), x);

    /// <summary>The smallest over all participants; see <see cref="Ops.PMin"/>.</summary>
    public static Tensor PMin(Tensor x, string axisName) => One(new PMin(axisName), x);

    /// <summary>The position of this participant, an int32 scalar; see <see cref="Ops.AxisIndex"/>.</summary>
    public static Tensor AxisIndex(string axisName) => One(new AxisIndex(axisName));

    /// <summary>Values sent from one participant to another, by pairs of positions; see <see cref="Ops.PPermute"/>.</summary>
    public static Tensor PPermute(Tensor x, string axisName, ValueArray<(int Source, int Destination)> permutation) => One(new PPermute(axisName, permutation), x);

    /// <summary>The number of participants.</summary>
    /// <exception cref="InvalidOperationException">No axis of that name is mapped here.</exception>
    public static int AxisSize(string axisName) => NamedAxes.SizeOf(axisName);

    /// <summary>The values of all participants along a new axis, or joined along an existing one if tiled; see <see cref="Ops.AllGather"/>.</summary>
    /// <exception cref="InvalidOperationException">No axis of that name is mapped here.</exception>
    public static Tensor AllGather(Tensor x, string axisName, int axis = 0, bool tiled = false)
    {
        var size = AxisSize(axisName);
        var gathered = One(new AllGather(axisName, size, axis), x);
        return tiled ? Reshape(gathered, x.Shape.With(axis, x.Shape[axis] * size)) : gathered;
    }

    /// <summary>This participant's part of the sum over all, along an axis that goes away, or is divided if tiled; see <see cref="Ops.ReduceScatter"/>.</summary>
    /// <exception cref="InvalidOperationException">No axis of that name is mapped here.</exception>
    /// <exception cref="ArgumentException">The axis has not one part for each participant.</exception>
    public static Tensor PSumScatter(Tensor x, string axisName, int scatterDimension = 0, bool tiled = false)
    {
        var size = AxisSize(axisName);
        return One(new ReduceScatter(axisName, size, scatterDimension), tiled ? InParts(x, scatterDimension, size) : x);
    }

    /// <summary>
    /// Every participant's i-th part along one axis to participant i: stacked along another, where both axes count without the other, or joined along it if tiled; see
    /// <see cref="Ops.AllToAll"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">No axis of that name is mapped here.</exception>
    /// <exception cref="ArgumentException">The split axis has not one part for each participant.</exception>
    public static Tensor AllToAll(Tensor x, string axisName, int splitAxis, int concatAxis, bool tiled = false)
    {
        var size = AxisSize(axisName);
        if (!tiled) return One(new AllToAll(axisName, size, splitAxis, concatAxis), x);

        // The participants' parts stand in front of the axis that they are joined along.
        var received = One(new AllToAll(axisName, size, splitAxis, concatAxis), InParts(x, splitAxis, size));
        var shape = x.Shape.With(splitAxis, x.Shape[splitAxis] / size);
        return Reshape(received, shape.With(concatAxis, shape[concatAxis] * size));
    }

    /// <summary>An axis divided into as many parts as there are participants: the parts along the axis, then the axis in each of them.</summary>
    private static Tensor InParts(Tensor x, int axis, int size) => x.Shape[axis] % size == 0
        ? Reshape(x, x.Shape.With(axis, x.Shape[axis] / size).Insert(axis, size))
        : throw new ArgumentException($"Axis {axis} of {x.Spec} cannot be divided among {size} participants.", nameof(axis));
}
