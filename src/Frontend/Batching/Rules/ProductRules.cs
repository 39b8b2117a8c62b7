using BrainState.Ops;
using static BrainState.Batching.BatchRules;

namespace BrainState.Batching;

/// <summary>
/// Batching of <c>dot_general</c>. If both operands are batched, the batch axis is one more batch axis of the product. If only one is, it is one more
/// free axis, so that many small products become one large one.
/// </summary>
internal static class ProductRules
{
    public static void Define() => Table.Define<DotGeneral>(static (op, operands, _) =>
    {
        var dot = (DotGeneral)op;
        var (lhs, rhs) = (operands[0], operands[1]);
        var (batch, paired) = (dot.LhsBatch.Count, dot.LhsBatch.Count + dot.LhsContracting.Count);
        if (lhs.IsBatched && rhs.IsBatched)
        {
            var both = new DotGeneral(
                Shifted(dot.LhsContracting), Shifted(dot.RhsContracting), Behind(dot.LhsBatch), Behind(dot.RhsBatch), dot.PreferredElementType);
            return [Lanes.Batched(Lax.One(both, lhs.Value, rhs.Value))];
        }
        if (lhs.IsBatched)
        {
            var left = dot with { LhsContracting = Shifted(dot.LhsContracting), LhsBatch = Shifted(dot.LhsBatch) };
            return [Lanes.Batched(Move(Lax.One(left, lhs.Value, rhs.Value), batch, 0))];
        }
        if (rhs.Rank == paired)
        {
            // Without free axes of its own the right operand may as well come first, and the result need not be transposed.
            var swapped = new DotGeneral(
                Shifted(dot.RhsContracting), dot.LhsContracting, Shifted(dot.RhsBatch), dot.LhsBatch, dot.PreferredElementType);
            return [Lanes.Batched(Move(Lax.One(swapped, rhs.Value, lhs.Value), batch, 0))];
        }
        var right = dot with { RhsContracting = Shifted(dot.RhsContracting), RhsBatch = Shifted(dot.RhsBatch) };
        return [Lanes.Batched(Move(Lax.One(right, lhs.Value, rhs.Value), batch + lhs.Rank - paired, 0))];
    });
}
