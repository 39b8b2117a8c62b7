using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState;

/// <content>Combining elements along axes, under sliding windows, and cumulatively.</content>
public static partial class Lax
{
    /// <summary>The sum of each window; see <see cref="Ops.ReduceWindowSum"/>.</summary>
    public static Tensor ReduceWindowSum(Tensor x, Window window) => One(new ReduceWindowSum(window), x);

    /// <summary>The largest element of each window; see <see cref="Ops.ReduceWindowMax"/>.</summary>
    public static Tensor ReduceWindowMax(Tensor x, Window window) => One(new ReduceWindowMax(window), x);

    /// <summary>The smallest element of each window; see <see cref="Ops.ReduceWindowMin"/>.</summary>
    public static Tensor ReduceWindowMin(Tensor x, Window window) => One(new ReduceWindowMin(window), x);

    /// <summary>The values at the places that windows of x select; see <see cref="Ops.SelectAndGatherAdd"/>.</summary>
    public static Tensor SelectAndGatherAdd(Tensor values, Tensor x, WindowSelection selection, Window window) =>
        One(new SelectAndGatherAdd(selection, window), values, x);

    /// <summary>One source value per window, added up at the places that windows of x select; see <see cref="Ops.SelectAndScatterAdd"/>.</summary>
    public static Tensor SelectAndScatterAdd(Tensor source, Tensor x, WindowSelection selection, Window window) =>
        One(new SelectAndScatterAdd(selection, window), source, x);

    /// <summary>Elements combined along axes by a program of scalars; see <see cref="Ops.Reduce"/>.</summary>
    public static Tensor[] Reduce(ReadOnlySpan<Tensor> operands, ReadOnlySpan<Tensor> initialValues, Program body, ValueArray<int> axes) =>
        Eager.Bind(new Reduce(body, axes), [.. operands, .. initialValues]);

    /// <summary>The elements of each window combined by a program of scalars; see <see cref="Ops.ReduceWindow"/>.</summary>
    public static Tensor[] ReduceWindow(ReadOnlySpan<Tensor> operands, ReadOnlySpan<Tensor> initialValues, Program body, Window window) =>
        Eager.Bind(new ReduceWindow(body, window), [.. operands, .. initialValues]);

    /// <summary>Running sums; see <see cref="Ops.CumSum"/>.</summary>
    public static Tensor CumSum(Tensor x, int axis = 0, bool reverse = false) => One(new CumSum(axis, reverse), x);

    /// <summary>Running products; see <see cref="Ops.CumProd"/>.</summary>
    public static Tensor CumProd(Tensor x, int axis = 0, bool reverse = false) => One(new CumProd(axis, reverse), x);

    /// <summary>Running maxima; see <see cref="Ops.CumMax"/>.</summary>
    public static Tensor CumMax(Tensor x, int axis = 0, bool reverse = false) => One(new CumMax(axis, reverse), x);

    /// <summary>Running minima; see <see cref="Ops.CumMin"/>.</summary>
    public static Tensor CumMin(Tensor x, int axis = 0, bool reverse = false) => One(new CumMin(axis, reverse), x);

    /// <summary>Logarithms of running sums of exponentials; see <see cref="Ops.CumLogSumExp"/>.</summary>
    public static Tensor CumLogSumExp(Tensor x, int axis = 0, bool reverse = false) => One(new CumLogSumExp(axis, reverse), x);
}
