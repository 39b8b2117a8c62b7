using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Combinations of all elements along some axes.</summary>
internal static class ReductionRules
{
    public static void AddTo(RuleTable table)
    {
        AddFold<ReduceSum>(table, Monoid.Sum);
        AddFold<ReduceProd>(table, Monoid.Product);
        AddFold<ReduceMax>(table, Monoid.Max);
        AddFold<ReduceMin>(table, Monoid.Min);
        AddFold<ReduceAnd>(table, Monoid.And);
        AddFold<ReduceOr>(table, Monoid.Or);
        AddFold<ReduceXor>(table, Monoid.Xor);
        table.Add<ArgMax>((op, step) => Extreme(op, step, sign: 1));
        table.Add<ArgMin>((op, step) => Extreme(op, step, sign: -1));
        table.AddMany<Reduce>(static (op, step) =>
        {
            var count = step.Results.Length;
            return step.Combine(op.Body, Groups(step.X.Spec.Shape, op.Axes, step.Result.Shape).Select(group => group.Select(position =>
                step.Operands.Take(count).Select(tensor => tensor[position]).ToArray())));
        });
    }

    /// <summary>
    /// Combines, for each result position, a sequence of n elements with the body of a reduction over n tensors, whose operands are the tensors, then the initial values.
    /// </summary>
    public static HostValue[] Combine(this Step step, Programs.Program body, IEnumerable<IEnumerable<Scalar[]>> groups)
    {
        var initial = step.Operands[step.Results.Length..];
        var totals = groups.Select(group => group.Aggregate(initial, (total, elements) =>
            step.Execution.Run(body, [.. total, .. elements.Select(HostValue.Of)]))).ToArray();
        return [.. step.Results.Select((spec, k) => HostValue.Generate(spec, i => totals[i][k][0]))];
    }

    /// <summary>Whether an element comes before another in the order of extremes: the largest (sign 1) or smallest (sign −1) first, NaN before everything.</summary>
    public static bool IsBetter(Scalar x, Scalar old, int sign)
    {
        if (!x.DType.IsFloating) return sign * Number.Integer(x) > sign * Number.Integer(old);
        if (double.IsNaN(old.ToDouble())) return false;
        return double.IsNaN(x.ToDouble()) || sign * x.ToDouble() > sign * old.ToDouble();
    }

    private static void AddFold<TOp>(RuleTable table, Monoid monoid) where TOp : Reduction => table.Add<TOp>((op, step) =>
    {
        var groups = Groups(step.X.Spec.Shape, op.Axes, step.Result.Shape);
        return HostValue.Generate(step.Result, i => monoid.Fold(step.Result.DType, groups[i].Select(position => step.X[position])));
    });

    /// <summary>For each position of the result the positions of the operand that it combines, in row-major order.</summary>
    private static List<int>[] Groups(Shape shape, ValueArray<int> axes, Shape result)
    {
        var groups = Enumerable.Range(0, (int)result.ElementCount).Select(static _ => new List<int>()).ToArray();
        int[] kept = [.. Enumerable.Range(0, shape.Rank).Where(axis => !axes.Contains(axis))];
        var target = new int[kept.Length];
        var position = 0;
        foreach (var index in Positions.All(shape))
        {
            for (var axis = 0; axis < kept.Length; axis++) target[axis] = index[kept[axis]];
            groups[Positions.Of(result, target)].Add(position++);
        }
        return groups;
    }

    /// <summary>The first element that comes before all others in the order.</summary>
    private static HostValue Extreme(ArgReduction op, Step step, int sign)
    {
        var groups = Groups(step.X.Spec.Shape, ValueArray.Create([op.Axis]), step.Result.Shape);
        return HostValue.Generate(step.Result, i =>
        {
            var best = 0;
            for (var k = 1; k < groups[i].Count; k++)
                if (IsBetter(step.X[groups[i][k]], step.X[groups[i][best]], sign))
                    best = k;
            return Number.Of(step.Result.DType, best);
        });
    }
}
