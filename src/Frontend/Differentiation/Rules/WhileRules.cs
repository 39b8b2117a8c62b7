using BrainState.Execution;
using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Derivatives of while: forward mode only, as the number of steps, and so what would have to be kept for going back, is unknown.</summary>
internal static class WhileRules
{
    public static void Define()
    {
        Jvps.Define<While>((op, primals, tangents) => Jvp((While)op, primals, tangents));
        Linearizations.Define<While>((_, _, _) => throw new NotSupportedException(
            "Reverse-mode differentiation through WhileLoop is impossible: the number of steps is unknown. Use BoundedWhileLoop, Scan or ForLoop, or differentiate forwards with Jvp."));
    }

    private static (Tensor[] Outputs, Tensor?[] Tangents) Jvp(While loop, Tensor[] primals, Tensor?[] tangents)
    {
        var count = loop.Body.Inputs.Length; // Body constants, then carry.
        var active = Moving(tangents.AsSpan(loop.CondConstCount)).ToArray();
        ValueArray<bool> required;
        Tangents jvp;
        bool hasGrown;
        do
        {
            required = ValueArray.Create<bool>(active.AsSpan(loop.BodyConstCount));
            jvp = ForwardMode.Jvp(loop.Body, ValueArray.Create<bool>(active), required);
            hasGrown = jvp.Moving != required;
            for (var i = 0; i < required.Count; i++) active[loop.BodyConstCount + i] |= jvp.Moving[i];
        }
        while (hasGrown);

        var positions = Enumerable.Range(0, count).Where(i => active[i]).ToArray();
        int[] constTangents = [.. positions.Where(p => p < loop.BodyConstCount).Select(p => count + Array.IndexOf(positions, p))];
        int[] carryTangents = [.. positions.Where(p => p >= loop.BodyConstCount).Select(p => count + Array.IndexOf(positions, p))];
        int[] order = [.. Enumerable.Range(0, loop.BodyConstCount), .. constTangents, .. Enumerable.Range(loop.BodyConstCount, count - loop.BodyConstCount), .. carryTangents];
        Tensor[] values = [.. primals.AsSpan(loop.CondConstCount), .. positions.Select(p => tangents[loop.CondConstCount + p] ?? Zeros(primals[loop.CondConstCount + p].Spec))];

        // The condition sees the carry without tangents.
        var builder = new Programs.ProgramBuilder();
        var inputs = loop.Cond.Inputs.Select(builder.AddInput).ToArray();
        foreach (var tangent in carryTangents) builder.AddInput(values[tangent].Spec);
        var condition = builder.Build(builder.Inline(loop.Cond, inputs));

        var results = Eager.Bind(
            new While(condition, ProgramParts.Select(jvp.Program, order, Enumerable.Range(0, jvp.Program.Outputs.Length)), loop.CondConstCount, loop.BodyConstCount + constTangents.Length),
            [.. primals.AsSpan(0, loop.CondConstCount), .. order.Select(input => values[input])]);
        return (results[..required.Count], Spread(results.AsSpan(required.Count), required));
    }
}
