using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Derivatives of collectives, over all participants together: what one receives from another flows back to it.</summary>
internal static class CollectiveRules
{
    public static void Define()
    {
        Linear<PSum>((op, ct, _) => [Lax.One(op, ct[0]!)]);
        Linear<PPermute>((op, ct, _) => [Lax.One((PPermute)op with { Permutation = ((PPermute)op).Permutation.Select(static p => (p.Destination, p.Source)).ToValueArray() }, ct[0]!)]);
        Linear<AllGather>((op, ct, _) => [Lax.One(new ReduceScatter(((AllGather)op).AxisName, ((AllGather)op).AxisSize, ((AllGather)op).Dimension), ct[0]!)]);
        Linear<ReduceScatter>((op, ct, _) => [Lax.One(new AllGather(((ReduceScatter)op).AxisName, ((ReduceScatter)op).AxisSize, ((ReduceScatter)op).Dimension), ct[0]!)]);
        Linear<AllToAll>((op, ct, _) => [Lax.One((AllToAll)op with { SplitAxis = ((AllToAll)op).ConcatAxis, ConcatAxis = ((AllToAll)op).SplitAxis }, ct[0]!)]);
        Jvps.Define<PMax>(Extreme);
        Jvps.Define<PMin>(Extreme);
        Constant<AxisIndex>();
    }

    /// <summary>The participants that have the extreme value share its tangent.</summary>
    private static (Tensor[], Tensor?[]) Extreme(Op op, Tensor[] x, Tensor?[] t)
    {
        var (output, axis) = (Lax.One(op, x), ((Collective)op).AxisName);
        var attained = Lax.ConvertElementType(Lax.Eq(x[0], output), output.DType);
        return ([output], [Lax.PSum(Lax.Mul(t[0]!, Lax.Div(attained, Lax.PSum(attained, axis))), axis)]);
    }
}
