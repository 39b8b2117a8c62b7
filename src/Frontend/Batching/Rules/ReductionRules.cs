using BrainState.Ops;
using static BrainState.Batching.BatchRules;

namespace BrainState.Batching;

/// <summary>Batching of reductions, which leave the batch axis alone.</summary>
internal static class ReductionRules
{
    public static void Define()
    {
        Unary<Reduction>(static (op, _) => op with { Axes = Shifted(op.Axes) });
        Unary<ArgReduction>(static (op, _) => op with { Axis = op.Axis + 1 });
    }
}
