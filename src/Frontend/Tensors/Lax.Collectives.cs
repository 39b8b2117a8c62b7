using BrainState.Ops;

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

    // The number of participants is explicit because it determines shapes, and a function can be traced before the axis it will be mapped over is known.

    /// <summary>The values of all participants along a new axis, or joined along an existing one if tiled; see <see cref="Ops.AllGather"/>.</summary>
    public static Tensor AllGather(Tensor x, string axisName, int axisSize, int axis = 0, bool tiled = false)
    {
        var gathered = One(new AllGather(axisName, axisSize, axis), x);
        return tiled ? Reshape(gathered, x.Shape.With(axis, x.Shape[axis] * axisSize)) : gathered;
    }

    /// <summary>This participant's part of the sum over all, along an axis that goes away, or is divided if tiled; see <see cref="Ops.ReduceScatter"/>.</summary>
    /// <exception cref="ArgumentException">A tiled axis cannot be divided evenly.</exception>
    public static Tensor PSumScatter(Tensor x, string axisName, int axisSize, int scatterDimension = 0, bool tiled = false)
    {
        if (tiled && x.Shape[scatterDimension] % axisSize != 0) throw new ArgumentException($"Axis {scatterDimension} of {x.Spec} cannot be divided among {axisSize} participants.");
        if (tiled) x = Reshape(x, x.Shape.With(scatterDimension, x.Shape[scatterDimension] / axisSize).Insert(scatterDimension, axisSize));
        return One(new ReduceScatter(axisName, axisSize, scatterDimension), x);
    }

    /// <summary>Every participant's i-th part along one axis to participant i, stacked along another; see <see cref="Ops.AllToAll"/>.</summary>
    public static Tensor AllToAll(Tensor x, string axisName, int axisSize, int splitAxis, int concatAxis) =>
        One(new AllToAll(axisName, axisSize, splitAxis, concatAxis), x);
}
