using BrainState.Differentiation;
using BrainState.Ops;

namespace BrainState.Batching;

/// <summary>
/// Batching: the results of an op in all lanes, from its operands. At least one operand is batched, or the op contains a collective over the axis.
/// </summary>
internal delegate Lanes[] BatchRule(Op op, Lanes[] operands, BatchAxis axis);

/// <summary>The table of the batching transform; the rules stand side by side per op family.</summary>
internal static class BatchRules
{
    public static RuleTable<BatchRule> Table { get; } = new("batching");

    static BatchRules()
    {
        ElementwiseRules.Define();
        ShapingRules.Define();
        SlicingRules.Define();
        ReductionRules.Define();
        ProductRules.Define();
        ConvolutionRules.Define();
        LinearAlgebraRules.Define();
        BodyRules.Define();
        ControlFlowRules.Define();
        CollectiveRules.Define();
        EffectRules.Define();
    }

    /// <summary>One operand, one result: the op for the operand with the batch axis in front.</summary>
    public static void Unary<TOp>(Func<TOp, BatchAxis, Op> batched) where TOp : Op =>
        Table.Define<TOp>((op, operands, axis) => [Lanes.Batched(Lax.One(batched((TOp)op, axis), operands[0].Value))]);

    /// <summary>All operands get the batch axis, and so does every result.</summary>
    public static void Together<TOp>(Func<TOp, BatchAxis, Op> batched) where TOp : Op =>
        Table.Define<TOp>((op, operands, axis) =>
            Array.ConvertAll(Execution.Eager.Bind(batched((TOp)op, axis), Array.ConvertAll(operands, o => o.Repeated(axis))), Lanes.Batched));

    /// <summary>Axes of a lane as axes of the batched value.</summary>
    public static ValueArray<int> Shifted(ValueArray<int> axes) => axes.Select(static axis => axis + 1).ToValueArray();

    /// <summary>The batch axis, then axes of a lane, as axes of the batched value.</summary>
    public static ValueArray<int> Behind(ValueArray<int> axes) => [0, .. Shifted(axes)];

    /// <summary>x with axis <paramref name="from"/> moved to position <paramref name="to"/>.</summary>
    public static Tensor Move(Tensor x, int from, int to)
    {
        var order = Enumerable.Range(0, x.Rank).Where(axis => axis != from).ToList();
        order.Insert(to, from);
        return Lax.Transpose(x, order.ToValueArray());
    }
}
