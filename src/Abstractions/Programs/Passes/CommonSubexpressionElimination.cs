using BrainState.Ops;

namespace BrainState.Programs.Passes;

/// <summary>Computes equal expressions once: an equation with the same op and operands as an earlier one is replaced by its results.</summary>
/// <remarks>Equations with effects are kept, and so is an <see cref="OptimizationBarrier"/>, whose purpose is to keep copies apart.</remarks>
public static class CommonSubexpressionElimination
{
    /// <summary>An equivalent program without repeated equations; the same object if there are none.</summary>
    public static Program Run(Program program)
    {
        var seen = new Dictionary<Key, int>(program.Equations.Length);
        return ProgramRewriter.Rewrite(program, (builder, equation, operands) =>
        {
            if (equation.Op.HasEffects || equation.Op is OptimizationBarrier) return null;
            var key = new Key(equation.Op, new(operands));
            if (seen.TryGetValue(key, out var first)) return ProgramBuilder.Results(first, equation.Outputs.Length);
            seen.Add(key, builder.ValueCount);
            return null;
        });
    }

    private readonly record struct Key(Op Op, ValueArray<Operand> Operands);
}
