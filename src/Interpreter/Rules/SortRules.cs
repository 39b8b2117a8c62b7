using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Sorting along an axis.</summary>
internal static class SortRules
{
    public static void AddTo(RuleTable table) => table.AddMany<Sort>(static (op, step) =>
    {
        var shape = step.X.Spec.Shape;
        var order = new int[shape.ElementCount]; // For each result position: the operand position.
        foreach (var lane in Lanes(shape, op.Dimension))
        {
            // OrderBy is stable.
            var sorted = lane.Order(Comparer<int>.Create((a, b) => Compare(step.Operands.AsSpan(0, op.KeyCount), a, b))).ToArray();
            for (var i = 0; i < lane.Length; i++) order[lane[i]] = sorted[i];
        }
        return [.. step.Operands.Select(operand => HostValue.Generate(operand.Spec, i => operand[order[i]]))];
    });

    /// <summary>The row-major positions of each line along the axis.</summary>
    private static IEnumerable<int[]> Lanes(Shape shape, int axis)
    {
        var stride = shape.Dims[(axis + 1)..].ToArray().Aggregate(1, (product, size) => product * size);
        foreach (var index in Positions.All(shape))
        {
            if (index[axis] != 0) continue;
            var first = Positions.Of(shape, index);
            yield return [.. Enumerable.Range(0, shape[axis]).Select(i => first + (i * stride))];
        }
    }

    /// <summary>The order of two positions by the first key that differs.</summary>
    private static int Compare(ReadOnlySpan<HostValue> keys, int a, int b)
    {
        foreach (var key in keys)
            if (Compare(key[a], key[b]) is not 0 and var order)
                return order;
        return 0;
    }

    private static int Compare(Scalar a, Scalar b)
    {
        if (!a.DType.IsFloating) return Number.Integer(a).CompareTo(Number.Integer(b));
        var (x, y) = (a.ToDouble(), b.ToDouble());
        return double.IsNaN(x) || double.IsNaN(y)
            ? double.IsNaN(x).CompareTo(double.IsNaN(y))
            : x < y ? -1 : x > y ? 1 : 0; // Not CompareTo, which puts NaN first.
    }
}
