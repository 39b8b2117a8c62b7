using BrainState.Ops;
using static BrainState.Batching.BatchRules;

namespace BrainState.Batching;

/// <summary>Batching of ops that work element by element. Operands may be scalars among larger ones, which count as any shape.</summary>
internal static class ElementwiseRules
{
    public static void Define()
    {
        Table.Define<Elementwise>((op, operands, axis) =>
        {
            var shape = Common(operands);
            return [Lanes.Batched(Lax.One(op, Array.ConvertAll(operands, o => Flexible(o, shape, axis))))];
        });
        Table.Define<SelectN>((op, operands, axis) =>
        {
            // The cases fix the shape of the result; only the selector may be a scalar.
            var shape = Common(operands[1..]);
            return [Lanes.Batched(Lax.One(op, [Flexible(operands[0], shape, axis), .. operands[1..].Select(o => o.Repeated(axis))]))];
        });
        Table.Define<Clamp>((op, operands, axis) =>
        {
            var (low, x, high) = (operands[0], operands[1], operands[2]);
            return [Lanes.Batched(Lax.One(op, Flexible(low, x.Shape, axis), x.Repeated(axis), Flexible(high, x.Shape, axis)))];
        });
        Unary<BitcastConvertType>(static (op, _) => op);
        Table.Define<OptimizationBarrier>(static (op, operands, _) =>
        {
            var held = Execution.Eager.Bind(op, Array.ConvertAll(operands, static o => o.Value));
            return [.. held.Select((value, i) => new Lanes(value, operands[i].IsBatched))];
        });
    }

    /// <summary>The shape of the operands that are not scalars.</summary>
    private static Shape Common(ReadOnlySpan<Lanes> operands)
    {
        var common = Shape.Scalar;
        foreach (var operand in operands)
            if (common.Rank == 0)
                common = operand.Shape;
        return common;
    }

    /// <summary>An operand for a result of the given shape: a scalar that is the same in every lane stays one.</summary>
    private static Tensor Flexible(Lanes operand, Shape shape, BatchAxis axis) =>
        operand.Value.Rank == 0 ? operand.Value : operand.Stretched(shape, axis);
}
