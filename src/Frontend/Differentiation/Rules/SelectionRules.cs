using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Derivatives of <c>select_n</c> and <c>clamp</c>.</summary>
internal static class SelectionRules
{
    public static void Define()
    {
        Linear<SelectN>((_, ct, operands) =>
        {
            // Each case gets the cotangent where it was chosen.
            var which = operands[0].Known!;
            var zero = Zeros(operands[1].Spec);
            var cotangents = new Tensor?[operands.Length];
            for (var i = 1; i < operands.Length; i++)
            {
                if (!operands[i].IsLinear) continue;
                var cases = Enumerable.Repeat(zero, operands.Length - 1).ToArray();
                cases[i - 1] = ct[0]!;
                cotangents[i] = Lax.SelectN(which, cases);
            }
            return cotangents;
        });

        Jvps.Define<Clamp>((op, primals, tangents) =>
        {
            var (low, x, high) = (primals[0], primals[1], primals[2]);
            var output = Lax.One(op, primals);
            Tensor? Where(Tensor condition, Tensor? tangent) => tangent is null
                ? null
                : Lax.SelectN(condition, Zeros(output.Spec), Stretch(tangent, output.Shape));
            var inside = Lax.And(Lax.Gt(x, low), Lax.Lt(x, high));
            var isHigh = Lax.Lt(high, Lax.Max(x, low)); // Also where the bounds exclude each other.
            var isLow = Lax.And(Lax.Gt(low, x), Lax.Not(isHigh));
            var terms = Sum(Where(inside, tangents[1]), Sum(Where(isLow, tangents[0]), Where(isHigh, tangents[2])));
            return ([output], [terms]);
        });
    }
}
