using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Sorting along an axis.</summary>
internal static class SortRules
{
    public static void AddTo(RuleTable table)
    {
        table.AddMany<Sort>(static (op, step) =>
        {
            var shape = step.X.Spec.Shape;
            var order = new int[shape.ElementCount]; // For each result position: the operand position.
            foreach (var line in Positions.Lines(shape, op.Dimension))
            {
                // Order is stable.
                var sorted = line.Order(Comparer<int>.Create((a, b) => Compare(step.Operands.AsSpan(0, op.KeyCount), a, b))).ToArray();
                for (var i = 0; i < line.Length; i++) order[line[i]] = sorted[i];
            }
            return [.. step.Operands.Select(operand => HostValue.Generate(operand.Spec, i => operand[order[i]]))];
        });

        // In ascending order NaN is the largest; the order of equals is not reversed.
        table.AddMany<TopK>(static (op, step) =>
        {
            var lines = op.K == 0 ? [] : Positions.Lines(step.X.Spec.Shape, step.X.Spec.Rank - 1)
                .SelectMany(line => Enumerable.Range(0, line.Length)
                    .Order(Comparer<int>.Create((a, b) => Compare(step.X[line[b]], step.X[line[a]])))
                    .Take(op.K).Select(i => (Element: step.X[line[i]], Index: i)))
                .ToArray();
            return
            [
                HostValue.Generate(step.Results[0], i => lines[i].Element),
                HostValue.Generate(step.Results[1], i => Scalar.Of(lines[i].Index)),
            ];
        });
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
