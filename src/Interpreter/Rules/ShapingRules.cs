using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Ops that put elements elsewhere: each rule says from where a result element comes.</summary>
internal static class ShapingRules
{
    public static void AddTo(RuleTable table)
    {
        table.Add<BroadcastInDim>((op, step) => From(step, (index, source) =>
        {
            for (var axis = 0; axis < source.Length; axis++)
                source[axis] = step.X.Spec.Shape[axis] == 1 ? 0 : index[op.BroadcastDimensions[axis]];
        }));
        table.Add<Reshape>((_, step) => step.X.Reinterpret(step.Result));
        table.Add<Transpose>((op, step) => From(step, (index, source) =>
        {
            for (var axis = 0; axis < index.Length; axis++) source[op.Permutation[axis]] = index[axis];
        }));
        table.Add<Rev>((op, step) => From(step, (index, source) =>
        {
            for (var axis = 0; axis < index.Length; axis++)
                source[axis] = op.Dimensions.Contains(axis) ? step.Result.Shape[axis] - 1 - index[axis] : index[axis];
        }));
        table.Add<Concatenate>(Concatenated);
        table.Add<Pad>(Padded);
        table.Add<Iota>((op, step) => Positions.Generate(step.Result, index => Number.Of(op.DType, index[op.Dimension])));
    }

    /// <summary>The elements of the first operand, where <paramref name="place"/> writes the source of a result index into its second argument.</summary>
    internal static HostValue From(Step step, Action<int[], int[]> place)
    {
        var source = new int[step.X.Spec.Rank];
        return Positions.Generate(step.Result, index =>
        {
            place(index, source);
            return step.X.At(source);
        });
    }

    private static HostValue Concatenated(Concatenate op, Step step)
    {
        // For each position along the axis: which operand it is from, and where that operand begins.
        var origins = new List<(HostValue Operand, int Start)>();
        foreach (var operand in step.Operands)
        {
            var start = origins.Count;
            for (var i = 0; i < operand.Spec.Shape[op.Dimension]; i++) origins.Add((operand, start));
        }
        return Positions.Generate(step.Result, index =>
        {
            var (operand, start) = origins[index[op.Dimension]];
            int[] source = [.. index];
            source[op.Dimension] -= start;
            return operand.At(source);
        });
    }

    /// <summary>Element k of an axis goes to low + k (interior + 1), unless that is cropped away.</summary>
    private static HostValue Padded(Pad op, Step step)
    {
        var source = new int[step.X.Spec.Rank];
        return Positions.Generate(step.Result, index =>
        {
            for (var axis = 0; axis < index.Length; axis++)
            {
                var (low, _, interior) = op.Padding[axis];
                var (k, between) = Math.DivRem((long)index[axis] - low, interior + 1L);
                if (between != 0 || k < 0 || k >= step.X.Spec.Shape[axis]) return step.Y[0];
                source[axis] = (int)k;
            }
            return step.X.At(source);
        });
    }
}
