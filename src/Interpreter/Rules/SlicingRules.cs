using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Blocks of a tensor.</summary>
internal static class SlicingRules
{
    public static void AddTo(RuleTable table)
    {
        table.Add<Slice>((op, step) => ShapingRules.From(step, (index, source) =>
        {
            for (var axis = 0; axis < index.Length; axis++) source[axis] = op.StartIndices[axis] + (index[axis] * op.Strides[axis]);
        }));
        table.Add<DynamicSlice>((op, step) =>
        {
            var starts = Starts(step.X.Spec.Shape, step.Result.Shape, step.Operands[1..]);
            return ShapingRules.From(step, (index, source) =>
            {
                for (var axis = 0; axis < index.Length; axis++) source[axis] = starts[axis] + index[axis];
            });
        });
        table.Add<DynamicUpdateSlice>((_, step) =>
        {
            var block = step.Y.Spec.Shape;
            var starts = Starts(step.X.Spec.Shape, block, step.Operands[2..]);
            return Positions.Generate(step.Result, index =>
            {
                int[] inside = [.. index.Select((i, axis) => i - starts[axis])];
                return inside.Select((i, axis) => i >= 0 && i < block[axis]).All(static isInside => isInside) ? step.Y.At(inside) : step.X.At(index);
            });
        });
    }

    /// <summary>The start indices, clamped so that the block lies inside the tensor.</summary>
    private static int[] Starts(Shape tensor, Shape block, HostValue[] starts) =>
        [.. starts.Select((start, axis) => (int)Int128.Clamp(Number.Integer(start[0]), 0, tensor[axis] - block[axis]))];
}
