using System.Collections.Immutable;
using BrainState.Ops;

namespace BrainState.Programs.Passes;

/// <summary>Computes equal expressions once: an equation with the same op and operands as an earlier one is replaced by its results.</summary>
/// <remarks>Equations with effects are kept, and so is an <see cref="OptimizationBarrier"/>, whose purpose is to keep copies apart.</remarks>
public static class CommonSubexpressionElimination
{
    /// <summary>An equivalent program without repeated equations; the same object if there are none.</summary>
    public static Program Run(Program program)
    {
        var seen = new Dictionary<Key, Equation>(program.Equations.Length);
        var builder = new ProgramBuilder(program);
        using var map = new OperandMap(program.ValueCount);
        for (var i = 0; i < program.Inputs.Length; i++) map[i] = builder.AddInput(program.Inputs[i]);
        foreach (var equation in program.Equations)
        {
            builder.Origin = equation.Origin;
            var operands = map.Of(equation.Inputs);
            var mayMerge = !equation.Op.HasEffects && equation.Op is not OptimizationBarrier;
            var key = new Key(equation.Op, operands);
            if (!mayMerge || !seen.TryGetValue(key, out var first))
            {
                first = builder.AddAgain(program, equation, operands);
                if (mayMerge) seen.Add(key, first);
            }
            map.Set(equation.FirstOutput, first);
        }
        return builder.Build(map.Of(program.Outputs).AsSpan());
    }

    private readonly record struct Key(Op Op, ImmutableArray<Operand> Operands)
    {
        public bool Equals(Key other) => Op.Equals(other.Op) && Operands.AsSpan().SequenceEqual(other.Operands.AsSpan());

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Op);
            foreach (var operand in Operands) hash.Add(operand);
            return hash.ToHashCode();
        }
    }
}
