using BrainState.Ops;

namespace BrainState.Programs.Passes;

/// <summary>Computes equal expressions once: an equation with the same op and operands as an earlier one is replaced by its results.</summary>
/// <remarks>Equations with effects are kept, and so is an <see cref="OptimizationBarrier"/>, whose purpose is to keep copies apart.</remarks>
public static class CommonSubexpressionElimination
{
    /// <summary>An equivalent program without repeated equations.</summary>
    public static Program Run(Program program)
    {
        var seen = new Dictionary<Key, Operand[]>();
        return ProgramRewriter.Rewrite(program, (builder, equation, operands) =>
        {
            if (equation.Op.HasEffects || equation.Op is OptimizationBarrier) return builder.AddAll(equation.Op, operands);
            var key = new Key(equation.Op, operands.ToValueArray());
            if (!seen.TryGetValue(key, out var results)) seen[key] = results = builder.AddAll(equation.Op, operands);
            return results;
        });
    }

    private readonly record struct Key(Op Op, ValueArray<Operand> Operands);
}
