using BrainState.Ops;
using static BrainState.Batching.BatchRules;

namespace BrainState.Batching;

/// <summary>Batching of reductions, running reductions and reductions over windows: they leave the batch axis alone.</summary>
internal static class ReductionRules
{
    public static void Define()
    {
        Unary<Reduction>(static (op, _) => op with { Axes = Shifted(op.Axes) });
        Unary<ArgReduction>(static (op, _) => op with { Axis = op.Axis + 1 });
        Unary<Cumulative>(static (op, _) => op with { Axis = op.Axis + 1 });
        Unary<WindowReduction>(static (op, _) => op with { Window = Behind(op.Window) });
        Together<SelectAndGatherAdd>(static (op, _) => op with { Window = Behind(op.Window) });
        Together<SelectAndScatterAdd>(static (op, _) => op with { Window = Behind(op.Window) });
        Together<TopK>(static (op, _) => op);
        Monoid<Reduce>(static op => op with { Axes = Shifted(op.Axes) });
        Monoid<ReduceWindow>(static op => op with { Window = Behind(op.Window) });
    }

    /// <summary>Tensors, then initial values, which the op wants as scalars: where lanes start differently they go one by one.</summary>
    private static void Monoid<TOp>(Func<TOp, Op> batched) where TOp : Op => Table.Define<TOp>((op, operands, axis) =>
    {
        var (tensors, initial) = (operands[..(operands.Length / 2)], operands[(operands.Length / 2)..]);
        if (initial.Any(static i => i.IsBatched)) return LaneByLane.Apply(op, operands, axis);
        var results = Execution.Eager.Bind(batched((TOp)op), [.. tensors.Select(t => t.Repeated(axis)), .. initial.Select(static i => i.Value)]);
        return Array.ConvertAll(results, Lanes.Batched);
    });

    /// <summary>A window that covers one lane at a time.</summary>
    private static Window Behind(Window window) => new(
        [1, .. window.Dimensions], [1, .. window.Strides], [default, .. window.Padding], [1, .. window.BaseDilation], [1, .. window.WindowDilation]);
}
