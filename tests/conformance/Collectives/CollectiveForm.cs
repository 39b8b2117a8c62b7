namespace BrainState.Conformance.Collectives;

/// <summary>A function of one participant that uses a collective, and the function of all participants together that it stands for, written without.</summary>
/// <param name="Name">What it uses.</param>
/// <param name="Own">The function of a participant: <c>[n, 6]</c> for n of them, which divide 6.</param>
/// <param name="All">The same for the values of all participants, which are along the leading axis of argument and result.</param>
internal sealed record CollectiveForm(string Name, Func<Tensor, Tensor> Own, Func<Tensor, Tensor> All)
{
    public const string Axis = "i";

    /// <summary>Every collective, in each of its forms.</summary>
    public static IReadOnlyList<CollectiveForm> Each { get; } =
    [
        new("psum", static x => Lax.PSum(x, Axis) * x, static x => Np.Sum(x, 0) * x),
        new("pmean", static x => x - Lax.PMean(x, Axis), static x => x - Np.Mean(x, 0)),
        new("pmax", static x => Lax.PMax(x, Axis) - x, static x => Np.Max(x, 0) - x),
        new("pmin", static x => Lax.PMin(Np.Sum(x), Axis), static x => Np.BroadcastTo(Np.Min(Np.Sum(x, [1, 2])), [Size(x)])),
        new("pmax_of_equals", static x => Lax.PMax(Equal(x), Axis) * x, static x => Np.Max(Equal(x), 0) * x),
        new("axis_index", static x => x * Lax.AxisIndex(Axis).AsType(x.DType), static x => x * Np.Arange(Size(x), x.DType).Reshape(-1, 1, 1)),
        new("axis_size", static x => x * Lax.AxisSize(Axis), static x => x * Size(x)),
        new("ppermute", static x => Lax.PPermute(x, Axis, Enumerable.Range(0, Size(x)).Select(i => (i, (i + 1) % Size(x))).ToValueArray()), static x => Np.Roll(x, 1, 0)),
        new("ppermute_of_some", static x => Lax.PPermute(x, Axis, [(0, Size(x) - 1)]), static x => Np.Concatenate([Np.ZerosLike(x[1..]), x[..1]])),
        new("all_gather", static x => Lax.AllGather(x, Axis, -1), static x => ForEach(x, Np.MoveAxis(x, 0, -1))),
        new("all_gather_tiled", static x => Lax.AllGather(x, Axis, 1, tiled: true), static x => ForEach(x, Np.MoveAxis(x, 0, 1).Reshape(Size(x), -1))),
        new("reduce_scatter", static x => Lax.PSumScatter(x, Axis), static x => Np.Sum(x, 0)),
        new("reduce_scatter_tiled", static x => Lax.PSumScatter(x, Axis, -1, tiled: true), static x => Parts(Np.Sum(x, 0), Size(x))),
        new("all_to_all", static x => Lax.AllToAll(x, Axis, 0, 1), static x => x.Transpose(1, 2, 0)),
        new("all_to_all_tiled", static x => Lax.AllToAll(x, Axis, 1, 0, tiled: true), static x => Parts(x.Reshape(-1, 6), Size(x))),
    ];

    /// <summary>The number of participants: also one's own value has an axis of that size in front.</summary>
    private static int Size(Tensor x) => x.Shape[0];

    /// <summary>Zeros that move as x does.</summary>
    private static Tensor Equal(Tensor x) => x - Lax.StopGradient(x);

    /// <summary>The same for each participant of x.</summary>
    private static Tensor ForEach(Tensor x, Tensor result) => Np.BroadcastTo(result, result.Shape.Insert(0, Size(x)));

    /// <summary>Columns dealt out in equal parts.</summary>
    private static Tensor Parts(Tensor rows, int count) => Np.MoveAxis(rows.Reshape(rows.Shape[0], count, -1), 1, 0);
}
