using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Effects happen once, with the values of the function itself.</summary>
internal static class EffectRules
{
    public static void Define()
    {
        Constant<DebugPrint>();
        Constant<ErrorIf>();
    }
}
