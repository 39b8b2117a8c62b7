using BrainState.Cpu.Kernels;
using BrainState.Cpu.Numerics;
using BrainState.Cpu.Steps;
using BrainState.Ops;

namespace BrainState.Cpu.Lowering;

/// <summary>Running combinations and windows. float16 and bfloat16 are combined in float32 and rounded once.</summary>
internal sealed unsafe partial class Lowerer
{
    private Value LowerCumulative(Cumulative op, Operands operands, TensorSpec output)
    {
        if (output.ElementCount == 0 || output.Shape[op.Axis] == 1) return operands.Values[0];
        // Errors of logarithms would add up.
        var lane = op is CumLogSumExp ? DType.Float64 : ByDType.Lane(output.DType);
        var shape = AroundAxis(output.Shape, op.Axis);
        var result = AddStep([ConvertTo(lane, operands.Values[0])], output.With(lane), memory =>
        {
            var maker = new CumulativeMaker(shape, op.Reverse, memory);
            return op switch
            {
                CumSum => Monoids.Visit<CumulativeMaker, Step>(Monoid.Sum, lane, maker),
                CumProd => Monoids.Visit<CumulativeMaker, Step>(Monoid.Product, lane, maker),
                CumMax => Monoids.Visit<CumulativeMaker, Step>(Monoid.Max, lane, maker),
                CumMin => Monoids.Visit<CumulativeMaker, Step>(Monoid.Min, lane, maker),
                _ => maker.Visit<LogAddExpOp, double>(),
            };
        });
        return ConvertTo(output.DType, result);
    }

    /// <summary>A window combines one axis after the other, those first that leave the fewest elements to the others.</summary>
    private Value LowerWindowReduction(WindowReduction op, Operands operands, TensorSpec output)
    {
        if (output.ElementCount == 0) return new(output.DType, 0);
        var lane = ByDType.Lane(output.DType);
        var (forms, identity) = ReductionOf(op switch
        {
            ReduceWindowSum => new ReduceSum([]),
            ReduceWindowMax => new ReduceMax([]),
            _ => new ReduceMin([]),
        }, lane, lane);
        if (operands.Specs[0].ElementCount == 0) return ConvertTo(output.DType, Filled(identity, output.Shape));

        var (window, shape, x) = (op.Window, operands.Specs[0].Shape, ConvertTo(lane, operands.Values[0]));
        var counts = window.CountsOver(shape);
        foreach (var axis in Enumerable.Range(0, shape.Rank).OrderBy(axis => (double)counts[axis] / operands.Specs[0].Shape[axis]))
        {
            if (window.Dimensions[axis] == 1 && window.Strides[axis] == 1 && window.Padding[axis] == default && window.BaseDilation[axis] == 1) continue;
            var sliding = new SlidingWindow(AroundAxis(shape, axis), counts[axis], window.Dimensions[axis], window.Strides[axis], window.Padding[axis].Low,
                window.BaseDilation[axis], window.WindowDilation[axis]);
            shape = shape.With(axis, (int)counts[axis]);
            x = AddStep([x], new(lane, shape), memory => new WindowStep(sliding, forms.Accumulate, identity, lane.Size, memory),
                WindowStep.ScratchBytes(sliding, lane.Size));
        }
        return ConvertTo(output.DType, x);
    }

    private Value LowerSelectWindow(Window window, WindowSelection selection, bool scatters, Operands operands, TensorSpec output)
    {
        var spec = operands.Specs[1];
        if (output.ElementCount == 0) return new(output.DType, 0);
        if (operands.Specs[0].ElementCount == 0 || spec.ElementCount == 0) return Filled(Scalar.Of(output.DType, 0L), output.Shape);
        var lane = ByDType.Lane(spec.DType);
        var geometry = new WindowGeometry(window, spec.Shape);
        var result = AddStep([ConvertTo(lane, operands.Values[0]), ConvertTo(lane, operands.Values[1])], output.With(lane),
            memory => SelectWindowStep.Make(lane, geometry, selection == WindowSelection.Ge, scatters, memory));
        return ConvertTo(output.DType, result);
    }

    /// <summary>A tensor as three axes, the middle one of which is <paramref name="axis"/>.</summary>
    private static ReduceShape AroundAxis(Shape shape, int axis)
    {
        long outer = 1, columns = 1;
        for (var i = 0; i < axis; i++) outer *= shape[i];
        for (var i = axis + 1; i < shape.Rank; i++) columns *= shape[i];
        return new(outer, shape[axis], columns);
    }

    private readonly record struct CumulativeMaker(ReduceShape Shape, bool IsReverse, StepMemory Memory) : IMonoidVisitor<Step>
    {
        public Step Visit<TOp, T>() where TOp : struct, IScalarBinaryOp<T> where T : unmanaged => new CumulativeStep<TOp, T>(Shape, IsReverse, Memory);
    }
}
