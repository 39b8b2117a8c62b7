using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Differentiation;

/// <summary>
/// Residuals that a few cheap operations make of other residuals are computed again in the backward pass instead of being kept: of a sigmoid's value y and slope y·(1 − y) only
/// the value. A loop stacks what it keeps, and memory is slower than such arithmetic.
/// </summary>
internal static class Residuals
{
    private const int MostEquations = 4;

    /// <summary>The same derivative with fewer residuals.</summary>
    public static StagedDerivative Reduce(StagedDerivative staged)
    {
        var forward = staged.Forward;
        var outputCount = forward.Outputs.Length - staged.ResidualCount;
        var residuals = forward.Outputs[outputCount..];
        var makers = new Equation?[forward.ValueCount];
        foreach (var equation in forward.Equations)
            if (IsCheap(equation.Op))
                makers[equation.FirstOutput] = equation;

        // The last ones first, because only they can be made of others.
        var kept = residuals.Where(static r => !r.IsLiteral).ToHashSet();
        foreach (var residual in kept.OrderByDescending(static r => r.Value).ToArray())
        {
            var budget = MostEquations;
            kept.Remove(residual);
            if (!CanMake(residual, ref budget)) kept.Add(residual);
        }
        int[] places = [.. Enumerable.Range(0, residuals.Length).Where(i => residuals[i].IsLiteral || kept.Contains(residuals[i]))];
        if (places.Length == residuals.Length) return staged;

        var builder = new ProgramBuilder();
        var made = new Dictionary<Operand, Operand>();
        var arguments = new Operand[staged.Linear.Inputs.Length];
        foreach (var i in places) arguments[i] = made[residuals[i]] = builder.AddInput(staged.Linear.Inputs[i]);
        for (var i = residuals.Length; i < arguments.Length; i++) arguments[i] = builder.AddInput(staged.Linear.Inputs[i]);
        for (var i = 0; i < residuals.Length; i++) arguments[i] = Make(residuals[i]);
        var linear = builder.Build(builder.Inline(staged.Linear, arguments));
        var outputs = Enumerable.Range(0, outputCount).Concat(places.Select(i => outputCount + i));
        return staged with { Forward = ProgramParts.Select(forward, [.. Enumerable.Range(0, forward.Inputs.Length)], outputs), Linear = linear, ResidualCount = places.Length };

        bool CanMake(Operand value, ref int budget)
        {
            if (value.IsLiteral || kept.Contains(value)) return true;
            if (makers[value.Value] is not { } maker || --budget < 0) return false;
            foreach (var input in maker.Inputs)
                if (!CanMake(input, ref budget))
                    return false;
            return true;
        }

        Operand Make(Operand value)
        {
            if (made.TryGetValue(value, out var known)) return known;
            if (value.IsLiteral) return value;
            var maker = makers[value.Value]!;
            builder.Origin = maker.Origin;
            return made[value] = builder.Add(maker.Op, [.. maker.Inputs.Select(Make)]);
        }
    }

    private static bool IsCheap(Op op) => op is Add or Sub or Mul or Neg or Square or Abs or Sign or ConvertElementType or SelectN or Comparison or Not or And or Or;
}
