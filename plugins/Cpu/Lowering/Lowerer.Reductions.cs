using BrainState.Cpu.Kernels;
using BrainState.Cpu.MatMul;
using BrainState.Cpu.Numerics;
using BrainState.Cpu.Steps;
using BrainState.Ops;

namespace BrainState.Cpu.Lowering;

/// <summary>Ops that combine elements: reductions, positions of extremes, and products.</summary>
internal sealed unsafe partial class Lowerer
{
    private Value LowerReduction(Reduction op, Operands operands, TensorSpec output)
    {
        var (x, spec) = (operands.Values[0], operands.Specs[0]);
        var lane = ByDType.Lane(spec.DType);
        var (forms, identity) = ReductionOf(op, spec.DType, lane);
        if (output.ElementCount == 0) return new(output.DType, 0);
        if (spec.ElementCount == 0) return ConvertTo(output.DType, Filled(identity, output.Shape));

        // One axis group at a time, innermost first; neighbours that are reduced or kept alike are one axis.
        var axes = Collapse(spec.Shape, op.Axes);
        while (axes.FindLastIndex(static a => a.Reduced) is var last && last >= 0)
        {
            long outer = 1, columns = 1;
            for (var i = 0; i < last; i++) outer *= axes[i].Size;
            for (var i = last + 1; i < axes.Count; i++) columns *= axes[i].Size;
            var shape = new ReduceShape(outer, axes[last].Size, columns);
            x = Append(new ReduceNode(forms, identity, shape, x, new(lane, outer * columns)));
            axes.RemoveAt(last);
        }
        return ConvertTo(output.DType, x);
    }

    /// <summary>The axes of size above 1, merged with neighbours that are reduced or kept alike.</summary>
    private static List<(long Size, bool Reduced)> Collapse(Shape shape, ValueArray<int> reduced)
    {
        var axes = new List<(long Size, bool Reduced)>();
        for (var i = 0; i < shape.Rank; i++)
        {
            if (shape[i] == 1) continue;
            var isReduced = reduced.Contains(i);
            if (axes.Count > 0 && axes[^1].Reduced == isReduced) axes[^1] = (axes[^1].Size * shape[i], isReduced);
            else axes.Add((shape[i], isReduced));
        }
        return axes;
    }

    /// <summary>A tensor with the same scalar everywhere.</summary>
    private Value Filled(Scalar scalar, Shape shape) => ViewOf(new(Constant(scalar), 0, new long[shape.Rank]), scalar.DType, shape);

    private static (ReduceForms Forms, Scalar Identity) ReductionOf(Reduction op, DType dtype, DType lane) => op switch
    {
        ReduceSum => (lane.Is(DTypeKinds.Complex) ? ByDType.ComplexReduce<ComplexAddOp>(lane) : ByDType.Reduce<AddOp>(lane), Scalar.Of(lane, 0L)),
        ReduceProd => (lane.Is(DTypeKinds.Complex) ? ByDType.ComplexReduce<ComplexMultiplyOp>(lane) : ByDType.Reduce<MultiplyOp>(lane), Scalar.Of(lane, 1L)),
        ReduceMax => (ByDType.Reduce<MaxOp>(lane), Lowest(lane)),
        ReduceMin => (ByDType.Reduce<MinOp>(lane), Highest(lane)),
        ReduceAnd => (ByDType.Reduce<AndOp>(lane), dtype == DType.Bool ? Scalar.Of(true) : Scalar.Of(lane, -1L)),
        ReduceOr => (ByDType.Reduce<OrOp>(lane), Scalar.Of(lane, 0L)),
        ReduceXor => (ByDType.Reduce<XorOp>(lane), Scalar.Of(lane, 0L)),
        _ => throw new Backends.BackendException($"The cpu backend does not know the reduction '{op.Name}'."),
    };

    private static Scalar Lowest(DType lane) => lane.Kind switch
    {
        DTypeKinds.Floating => Scalar.Of(lane, double.NegativeInfinity),
        DTypeKinds.Signed => Scalar.Of(lane, long.MinValue >> (64 - 8 * lane.Size)),
        _ => Scalar.Of(lane, 0.0),
    };

    private static Scalar Highest(DType lane) => lane.Kind switch
    {
        DTypeKinds.Floating => Scalar.Of(lane, double.PositiveInfinity),
        DTypeKinds.Signed => Scalar.Of(lane, long.MaxValue >> (64 - 8 * lane.Size)),
        DTypeKinds.Unsigned => Scalar.Of(lane, -1L),
        _ => Scalar.Of(true),
    };

    private Value LowerArgReduction(ArgReduction op, Operands operands, TensorSpec output)
    {
        var spec = operands.Specs[0];
        if (output.ElementCount == 0) return new(output.DType, 0);
        long outer = 1, columns = 1;
        for (var i = 0; i < op.Axis; i++) outer *= spec.Shape[i];
        for (var i = op.Axis + 1; i < spec.Rank; i++) columns *= spec.Shape[i];
        var shape = new ReduceShape(outer, spec.Shape[op.Axis], columns);
        return AddStep([operands.Values[0]], output, memory => ArgReduceStep.Make(op is ArgMax, spec.DType, op.IndexDType, shape, memory));
    }

    private Value LowerDot(DotGeneral op, Operands operands, TensorSpec output)
    {
        var (lhs, rhs) = (operands.Specs[0], operands.Specs[1]);
        if (output.ElementCount == 0) return new(output.DType, 0);
        if (lhs.ElementCount == 0) return Filled(Scalar.Of(output.DType, 0L), output.Shape);
        if (LowerSmallDot(op, operands, output) is { } product) return product;
        if (lhs.DType.Is(DTypeKinds.Complex) != output.DType.Is(DTypeKinds.Complex))
        {
            // A real product of complex operands is the real part of a complex one, and the other way round.
            var sum = output.DType.Is(DTypeKinds.Complex) ? output.DType.RealPart
                : output.DType.IsFloating && output.DType.Size < 8 ? DType.Complex64 : DType.Complex128;
            return ConvertTo(output.DType, LowerDot(op with { PreferredElementType = sum }, operands, output.With(sum)));
        }
        var plan = DotPlan.Prepare(op, lhs, rhs);
        return AddStep(operands.Values, output, memory => new DotStep(plan, memory), plan.ScratchBytes);
    }

    /// <summary>
    /// Products that are no matrix products, as tile nodes, which fuse: with one element contracted, an outer product; with all elements
    /// contracted in the same order, a sum of products.
    /// </summary>
    private Value? LowerSmallDot(DotGeneral op, Operands operands, TensorSpec output)
    {
        var (lhs, rhs) = (operands.Specs[0], operands.Specs[1]);
        // Accumulation must be at least as precise as the result, which holds for the lanes of both operands and result.
        var lane = ByDType.Lane(lhs.DType);
        if (op.LhsBatch.Count > 0 || lane != ByDType.Lane(output.DType) || lane.Is(DTypeKinds.Complex)) return null;
        long contracted = 1;
        foreach (var axis in op.LhsContracting) contracted *= lhs.Shape[axis];

        var multiply = ByDType.Binary<MultiplyOp>(lane);
        if (contracted == 1)
        {
            var (rows, columns) = (lhs.ElementCount, rhs.ElementCount);
            Shape shape = [checked((int)rows), checked((int)columns)];
            var left = LayoutOf(operands.Values[0], [(int)rows]);
            var right = LayoutOf(operands.Values[1], [(int)columns]);
            var x = ViewOf(left with { Strides = [rows == 1 ? 0 : left.Strides[0], 0] }, lhs.DType, shape);
            var y = ViewOf(right with { Strides = [0, columns == 1 ? 0 : right.Strides[0]] }, rhs.DType, shape);
            return Binary(multiply, x, y, output, rounds: true);
        }
        if (contracted == lhs.ElementCount && contracted == rhs.ElementCount && SameOrder(op, lhs.Shape))
        {
            var products = Binary(multiply, operands.Values[0], operands.Values[1], new Value(lane, contracted));
            var sum = new ReduceNode(ByDType.Reduce<AddOp>(lane), Scalar.Of(lane, 0L), new(1, contracted, 1), products, new(lane, 1));
            return ConvertTo(output.DType, Append(sum));
        }
        return null;
    }

    /// <summary>Whether contracting axes of size above 1 pair up in row-major order of both operands.</summary>
    private static bool SameOrder(DotGeneral op, Shape lhs)
    {
        var pairs = new List<(int Left, int Right)>();
        for (var i = 0; i < op.LhsContracting.Count; i++)
            if (lhs[op.LhsContracting[i]] > 1)
                pairs.Add((op.LhsContracting[i], op.RhsContracting[i]));
        pairs.Sort();
        for (var i = 1; i < pairs.Count; i++)
            if (pairs[i].Right < pairs[i - 1].Right)
                return false;
        return true;
    }
}
