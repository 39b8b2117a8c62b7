using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Ops whose result elements are operand elements, chosen by value.</summary>
internal static class SelectionRules
{
    public static void AddTo(RuleTable table)
    {
        table.AddPointwise<SelectN>((_, x, _) => x[1 + (int)Int128.Clamp(Number.Integer(x[0]), 0, x.Length - 2)]);
        table.AddPointwise<Clamp>((_, x, result) => result.IsFloating
            ? Number.Round(result, Math.Min(Math.Max(x[1].ToDouble(), x[0].ToDouble()), x[2].ToDouble()))
            : Number.Wrap(result, Int128.Min(Int128.Max(Number.Integer(x[1]), Number.Integer(x[0])), Number.Integer(x[2]))));
    }
}
