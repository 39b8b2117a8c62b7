using System.Numerics;
using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Combinations of all elements along some axes. They are accumulated in float64 or exactly, and rounded once.</summary>
internal static class ReductionRules
{
    public static void AddTo(RuleTable table)
    {
        AddFold<ReduceSum>(table, (0, (x, y) => x + y), (_ => 0, (x, y) => x + y), (0, (x, y) => x + y));
        AddFold<ReduceProd>(table, (1, (x, y) => x * y), (_ => 1, (x, y) => x * y), (1, (x, y) => x * y));
        AddFold<ReduceMax>(table, (double.NegativeInfinity, Math.Max), (Smallest, Int128.Max));
        AddFold<ReduceMin>(table, (double.PositiveInfinity, Math.Min), (Largest, Int128.Min));
        AddFold<ReduceAnd>(table, integer: (_ => -1, (x, y) => x & y));
        AddFold<ReduceOr>(table, integer: (_ => 0, (x, y) => x | y));
        table.Add<ArgMax>((op, step) => Extreme(op, step, sign: 1));
        table.Add<ArgMin>((op, step) => Extreme(op, step, sign: -1));
    }

    /// <summary>A rule from a start value, which is the result over nothing, and a function, for each kind of number that the op accepts.</summary>
    private static void AddFold<TOp>(
        RuleTable table,
        (double Start, Func<double, double, double> Combine)? real = null,
        (Func<DType, Int128> Start, Func<Int128, Int128, Int128> Combine)? integer = null,
        (Complex Start, Func<Complex, Complex, Complex> Combine)? complex = null) where TOp : Reduction => table.Add<TOp>((op, step) =>
    {
        var dtype = step.Result.DType;
        return dtype.Kind switch
        {
            DTypeKinds.Floating when real is var (start, combine) =>
                Fold(op.Axes, step, start, (sum, x) => combine(sum, x.ToDouble()), x => Number.Round(dtype, x)),
            DTypeKinds.Complex when complex is var (start, combine) =>
                Fold(op.Axes, step, start, (sum, x) => combine(sum, x.ToComplex()), x => Number.Round(dtype, x)),
            DTypeKinds.Signed or DTypeKinds.Unsigned or DTypeKinds.Bool when integer is var (start, combine) =>
                Fold(op.Axes, step, start(dtype), (sum, x) => combine(sum, Number.Integer(x)), x => Number.Wrap(dtype, x)),
            _ => throw Pointwise.Unsupported(op, dtype),
        };
    });

    private static HostValue Fold<T>(ValueArray<int> axes, Step step, T start, Func<T, Scalar, T> combine, Func<T, Scalar> finish)
    {
        var results = new T[step.Result.ElementCount];
        Array.Fill(results, start);
        foreach (var (target, x) in Groups(axes, step)) results[target] = combine(results[target], x);
        return HostValue.Generate(step.Result, i => finish(results[i]));
    }

    /// <summary>The elements of the operand in row-major order, each with the position of the result that it takes part in.</summary>
    private static IEnumerable<(int Target, Scalar Element)> Groups(ValueArray<int> axes, Step step)
    {
        int[] kept = [.. Enumerable.Range(0, step.X.Spec.Rank).Where(axis => !axes.Contains(axis))];
        var target = new int[kept.Length];
        var position = 0;
        foreach (var index in Positions.All(step.X.Spec.Shape))
        {
            for (var axis = 0; axis < kept.Length; axis++) target[axis] = index[kept[axis]];
            yield return (Positions.Of(step.Result.Shape, target), step.X[position++]);
        }
    }

    /// <summary>The first element that comes before all others in the order; NaN comes before everything.</summary>
    private static HostValue Extreme(ArgReduction op, Step step, int sign)
    {
        var best = new (Scalar Element, int Position)?[step.Result.ElementCount];
        var seen = new int[best.Length];
        foreach (var (target, x) in Groups(ValueArray.Create([op.Axis]), step))
        {
            var position = seen[target]++;
            if (best[target] is not { } old || IsBetter(x, old.Element, sign)) best[target] = (x, position);
        }
        return HostValue.Generate(step.Result, i => Number.Of(step.Result.DType, best[i]!.Value.Position));
    }

    private static bool IsBetter(Scalar x, Scalar old, int sign)
    {
        if (!x.DType.IsFloating) return sign * Number.Integer(x) > sign * Number.Integer(old);
        if (double.IsNaN(old.ToDouble())) return false;
        return double.IsNaN(x.ToDouble()) || sign * x.ToDouble() > sign * old.ToDouble();
    }

    private static Int128 Smallest(DType dtype) => dtype.Is(DTypeKinds.Signed) ? -(Int128.One << ((8 * dtype.Size) - 1)) : 0;

    private static Int128 Largest(DType dtype) =>
        dtype == DType.Bool ? 1 : (Int128.One << (dtype.Is(DTypeKinds.Signed) ? (8 * dtype.Size) - 1 : 8 * dtype.Size)) - 1;
}
