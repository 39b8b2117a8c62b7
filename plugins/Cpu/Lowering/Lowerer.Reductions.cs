using BrainState.Cpu.Kernels;
using BrainState.Cpu.Numerics;
using BrainState.Cpu.Steps;
using BrainState.Ops;

namespace BrainState.Cpu.Lowering;

/// <summary>Reductions, and positions of extremes.</summary>
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
        var shape = AroundAxis(spec.Shape, op.Axis);
        return AddStep([operands.Values[0]], output, memory => ArgReduceStep.Make(op is ArgMax, spec.DType, op.IndexDType, shape, memory));
    }
}
