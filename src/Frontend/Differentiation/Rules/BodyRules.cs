using BrainState.Execution;
using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Derivatives of calls and barriers.</summary>
internal static class BodyRules
{
    public static void Define()
    {
        Jvps.Define<Call>((op, primals, tangents) => ForwardMode.Evaluate(((Call)op).Body, primals, tangents));
        Linearizations.Define<Call>((op, primals, tangents) => ForwardMode.Evaluate(((Call)op).Body, primals, tangents, Linearization));
        Jvps.Define<OptimizationBarrier>((op, primals, tangents) =>
        {
            var outputs = Eager.Bind(op, primals);
            return (outputs, Spread(Eager.Bind(op, Given(tangents)), Moving(tangents)));
        });
        Transposes.Define<OptimizationBarrier>((op, ct, _) => Spread(Eager.Bind(op, Given(ct)), Moving(ct)));
    }

    private static Tensor[] Given(Tensor?[] values) => [.. values.OfType<Tensor>()];
}
