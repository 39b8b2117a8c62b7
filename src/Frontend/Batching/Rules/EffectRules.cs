using BrainState.Execution;
using BrainState.Ops;
using static BrainState.Batching.BatchRules;

namespace BrainState.Batching;

/// <summary>
/// Batching of effects. What differs between lanes is printed lane by lane. The error of all lanes is that of the first that fails.
/// </summary>
internal static class EffectRules
{
    public static void Define()
    {
        Table.Define<DebugPrint>(LaneByLane.Apply);
        Table.Define<ErrorIf>(static (op, operands, axis) =>
        {
            if (!operands[0].IsBatched || axis.Size == 0) return LaneByLane.Apply(op, operands, axis);
            var failing = operands[0].Value;
            var first = Lax.ArgMax(failing, 0);
            var reported = operands[1..].Select(o => o.IsBatched
                ? Lax.Reshape(Lax.DynamicSlice(o.Value, [first, .. Enumerable.Repeat(Lax.ConvertElementType(0, DType.Int32), o.Rank)], [1, .. o.Shape]), o.Shape)
                : o.Value);
            Eager.Bind(op, [Lax.ReduceOr(failing, [0]), .. reported]);
            return [];
        });
    }
}
