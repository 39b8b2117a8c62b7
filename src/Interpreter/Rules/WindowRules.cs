using BrainState.Interpretation.Evaluation;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Combinations of, and selections from, the elements under a sliding window.</summary>
internal static class WindowRules
{
    public static void AddTo(RuleTable table)
    {
        AddFold<ReduceWindowSum>(table, Monoid.Sum);
        AddFold<ReduceWindowMax>(table, Monoid.Max);
        AddFold<ReduceWindowMin>(table, Monoid.Min);
        table.AddMany<ReduceWindow>(static (op, step) =>
        {
            var count = step.Results.Length;
            Scalar[] padding = [.. step.Operands[count..].Select(static initial => initial[0])];
            return step.Combine(op.Body, op.Window.Over(step.X.Spec.Shape, step.Result.Shape).Select(window => window.Select(position =>
                position is { } at ? step.Operands.Take(count).Select(tensor => tensor[at]).ToArray() : padding)));
        });
        table.Add<SelectAndGatherAdd>(static (op, step) =>
        {
            var selected = Selected(op.Selection, op.Window, step.Y, step.Result.Shape);
            return HostValue.Generate(step.Result, i => selected[i] is { } position ? step.X[position] : Scalar.Of(step.Result.DType, 0.0));
        });
        table.Add<SelectAndScatterAdd>(static (op, step) =>
        {
            var totals = Enumerable.Range(0, step.Y.Count).Select(_ => Monoid.Sum.Start(step.Result.DType)).ToArray();
            var selected = Selected(op.Selection, op.Window, step.Y, step.X.Spec.Shape);
            for (var i = 0; i < selected.Length; i++)
                if (selected[i] is { } position)
                    totals[position].Add(step.X[i]);
            return HostValue.Generate(step.Result, i => totals[i].Value);
        });
    }

    /// <summary>For each window, in row-major order: the positions under it, in row-major order, where null is padding or a hole of dilation. Each is to be read before the next.</summary>
    public static IEnumerable<IEnumerable<int?>> Over(this Window window, Shape shape, Shape windows)
    {
        Shape extent = window.Dimensions.ToArray();
        foreach (var at in Positions.All(windows)) yield return Positions.All(extent)
            .Select(inside => window.Place(shape, at, inside) is { } place ? Positions.Of(shape, place) : (int?)null);
    }

    /// <summary>The index in a tensor that element <paramref name="inside"/> of the window number <paramref name="at"/> lies over, or null for padding and holes.</summary>
    public static int[]? Place(this Window window, Shape shape, ReadOnlySpan<int> at, ReadOnlySpan<int> inside)
    {
        var index = new int[shape.Rank];
        for (var axis = 0; axis < index.Length; axis++)
        {
            var dilated = ((long)at[axis] * window.Strides[axis]) + ((long)inside[axis] * window.WindowDilation[axis]) - window.Padding[axis].Low;
            var (place, hole) = Math.DivRem(dilated, window.BaseDilation[axis]);
            if (hole != 0 || place < 0 || place >= shape[axis]) return null;
            index[axis] = (int)place;
        }
        return index;
    }

    private static void AddFold<TOp>(RuleTable table, Monoid monoid) where TOp : WindowReduction => table.Add<TOp>((op, step) =>
    {
        var totals = op.Window.Over(step.X.Spec.Shape, step.Result.Shape)
            .Select(window => monoid.Fold(step.Result.DType, window.OfType<int>().Select(position => step.X[position]))).ToArray();
        return HostValue.Generate(step.Result, i => totals[i]);
    });

    /// <summary>The position that each window selects; null for a window over padding alone.</summary>
    private static int?[] Selected(WindowSelection selection, Window window, HostValue x, Shape windows)
    {
        var sign = selection == WindowSelection.Ge ? 1 : -1;
        return [.. window.Over(x.Spec.Shape, windows).Select(positions => positions.Aggregate((int?)null, (best, position) =>
            position is null || (best is { } old && !ReductionRules.IsBetter(x[position.Value], x[old], sign)) ? best : position))];
    }
}
