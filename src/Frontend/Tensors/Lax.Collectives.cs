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

    /// <summary>The number of participants, known while tracing.</summary>
    /// <exception cref="InvalidOperationException">Nothing around maps over an axis of that name.</exception>
    public static int AxisSize(string axisName) => NamedAxes.SizeOf(axisName);

    /// <summary>The values of all participants along a new axis, or joined along an existing one if tiled; see <see cref="Ops.AllGather"/>.</summary>
    /// <param name="x">The value of this participant.</param>
    /// <param name="axisName">The axis of the participants.</param>
    /// <param name="axis">The new axis of the result, or the existing one to join along; negative ones count from the end.</param>
    /// <param name="tiled">Whether to join along an existing axis.</param>
    /// <param name="axisSize">The number of participants; needed only where a function is traced before the axis that it will be mapped over is known.</param>
    /// <exception cref="InvalidOperationException">Nothing around maps over an axis of that name, and no size is given.</exception>
    public static Tensor AllGather(Tensor x, string axisName, int axis = 0, bool tiled = false, int? axisSize = null)
    {
        var size = axisSize ?? AxisSize(axisName);
        axis = Axes.Normalize(axis, tiled ? x.Rank : x.Rank + 1);
        var gathered = One(new AllGather(axisName, size, axis), x);
        return tiled ? Reshape(gathered, x.Shape.With(axis, x.Shape[axis] * size)) : gathered;
    }

    /// <summary>This participant's part of the sum over all, along an axis that goes away, or is divided if tiled; see <see cref="Ops.ReduceScatter"/>.</summary>
    /// <param name="x">The value of this participant.</param>
    /// <param name="axisName">The axis of the participants.</param>
    /// <param name="scatterDimension">The axis to cut along, of as many elements as there are participants, or of a multiple if tiled; negative ones count from the end.</param>
    /// <param name="tiled">Whether the part keeps the axis.</param>
    /// <param name="axisSize">The number of participants; needed only where a function is traced before the axis that it will be mapped over is known.</param>
    /// <exception cref="InvalidOperationException">Nothing around maps over an axis of that name, and no size is given.</exception>
    public static Tensor PSumScatter(Tensor x, string axisName, int scatterDimension = 0, bool tiled = false, int? axisSize = null)
    {
        var size = axisSize ?? AxisSize(axisName);
        var axis = Axes.Normalize(scatterDimension, x.Rank);
        return One(new ReduceScatter(axisName, size, axis), tiled ? Cut(x, axis, size) : x);
    }

    /// <summary>Every participant's i-th part along one axis to participant i, stacked along another, or joined along an existing one if tiled; see <see cref="Ops.AllToAll"/>.</summary>
    /// <param name="x">The value of this participant.</param>
    /// <param name="axisName">The axis of the participants.</param>
    /// <param name="splitAxis">The axis to cut along, of as many elements as there are participants, or of a multiple if tiled; negative ones count from the end.</param>
    /// <param name="concatAxis">The axis of the result to stack or join along.</param>
    /// <param name="tiled">Whether the parts keep the axis that was cut, and are joined instead of stacked.</param>
    /// <param name="axisSize">The number of participants; needed only where a function is traced before the axis that it will be mapped over is known.</param>
    /// <exception cref="InvalidOperationException">Nothing around maps over an axis of that name, and no size is given.</exception>
    public static Tensor AllToAll(Tensor x, string axisName, int splitAxis, int concatAxis, bool tiled = false, int? axisSize = null)
    {
        var size = axisSize ?? AxisSize(axisName);
        var (split, concat) = (Axes.Normalize(splitAxis, x.Rank), Axes.Normalize(concatAxis, x.Rank));
        var stacked = One(new AllToAll(axisName, size, split, concat), tiled ? Cut(x, split, size) : x);
        if (!tiled) return stacked;
        var parts = stacked.Shape.Without([concat]);
        return Reshape(stacked, parts.With(concat, parts[concat] * size));
    }

    internal static InvalidOperationException NoAxis(string op, string axisName) => new(
        $"{op} is along the axis '{axisName}', but nothing around maps over an axis of that name. Set AxisName of {nameof(Transforms.Vmap)} or {nameof(Transforms.Pmap)} to '{axisName}'.");

    /// <summary>An axis cut into one part for each participant.</summary>
    private static Tensor Cut(Tensor x, int axis, int size) => x.Shape[axis] % size == 0
        ? Reshape(x, x.Shape.With(axis, x.Shape[axis] / size).Insert(axis, size))
        : throw new ArgumentException($"Axis {axis} of {x.Spec} cannot be cut into {size} equal parts, one for each participant.");
}
