using BrainState.Interpretation.Evaluation;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Running combinations along an axis. What runs is not rounded; every result is.</summary>
internal static class CumulativeRules
{
    public static void AddTo(RuleTable table)
    {
        AddRunning<CumSum>(table, Monoid.Sum);
        AddRunning<CumProd>(table, Monoid.Product);
        AddRunning<CumMax>(table, Monoid.Max);
        AddRunning<CumMin>(table, Monoid.Min);
        AddRunning<CumLogSumExp>(table, Monoid.LogSumExp);
    }

    private static void AddRunning<TOp>(RuleTable table, Monoid monoid) where TOp : Cumulative => table.Add<TOp>((op, step) =>
    {
        var results = new Scalar[step.Result.ElementCount];
        foreach (var line in Positions.Lines(step.Result.Shape, op.Axis))
        {
            var total = monoid.Start(step.Result.DType);
            foreach (var position in op.Reverse ? Enumerable.Reverse(line) : line)
            {
                total.Add(step.X[position]);
                results[position] = total.Value;
            }
        }
        return HostValue.Generate(step.Result, i => results[i]);
    });
}
