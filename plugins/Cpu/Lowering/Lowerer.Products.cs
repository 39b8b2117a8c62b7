using BrainState.Cpu.Kernels;
using BrainState.Cpu.MatMul;
using BrainState.Cpu.Numerics;
using BrainState.Cpu.Steps;
using BrainState.Ops;

namespace BrainState.Cpu.Lowering;

/// <summary>Sums of products.</summary>
internal sealed unsafe partial class Lowerer
{
    // A larger one would be out of the caches at the next step.
    private const long MostPackedBytes = 16 << 20;

    private Value LowerDot(DotGeneral op, Operands operands, TensorSpec output)
    {
        var (lhs, rhs) = (operands.Specs[0], operands.Specs[1]);
        if (output.ElementCount == 0) return new(output.DType, 0);
        if (lhs.ElementCount == 0) return Filled(Scalar.Of(output.DType, 0L), output.Shape);
        return LowerProduct(operands.Values[0], operands.Values[1], output, (x, y, sum) =>
        {
            if (LowerSmallDot(op, x, y, lhs.With(x.DType), rhs.With(y.DType), sum) is { } product) return product;
            return AddDot(DotPlan.Prepare(DotShape.Of(op, lhs.Shape, rhs.Shape), x.DType, sum.DType), x, y, sum);
        });
    }

    private Value AddDot(DotPlan plan, Value x, Value y, TensorSpec output)
    {
        Value[] inputs = PackedBefore(plan, plan.PackedOperand == 0 ? x : y) is { } packed ? [x, y, packed] : [x, y];
        return AddStep(inputs, output, memory => new DotStep(plan, memory), plan.ScratchBytes);
    }

    /// <summary>The operand as an input that is packed before the plan runs, if it is the same in many runs.</summary>
    private Value? PackedBefore(DotPlan plan, Value operand)
    {
        if (plan.PackedBytes is 0 or > MostPackedBytes || operand.Input < 0 || operand.Input >= fixedInputs) return null;
        var packed = new Value(DType.UInt8, plan.PackedBytes) { Input = inputCount + packings.Count };
        packings.Add(new(operand.Input, plan));
        packedInputs.Add(packed);
        return packed;
    }

    /// <summary>
    /// A sum of products that <paramref name="real"/> makes of real operands. Complex ones are multiplied in their parts; a result of another
    /// kind is the real part, or has no imaginary one.
    /// </summary>
    private Value LowerProduct(Value x, Value y, TensorSpec output, Func<Value, Value, TensorSpec, Value> real)
    {
        var isComplex = output.DType.Is(DTypeKinds.Complex);
        if (!x.DType.Is(DTypeKinds.Complex)) return ConvertTo(output.DType, real(x, y, output.With(output.DType.RealPart)));

        var lane = x.DType;
        var (a, b) = (Map(ByDType.RealPart(lane), x, lane.RealPart), Map(ByDType.ImaginaryPart(lane), x, lane.RealPart));
        var (c, d) = (Map(ByDType.RealPart(lane), y, lane.RealPart), Map(ByDType.ImaginaryPart(lane), y, lane.RealPart));
        var sum = output.With(output.DType.RealPart is DType.Float32 or DType.Float16 or DType.BFloat16 ? DType.Float32 : DType.Float64);
        var realPart = Binary(ByDType.Binary<SubtractOp>(sum.DType), real(a, c, sum), real(b, d, sum), sum);
        if (!isComplex) return ConvertTo(output.DType, realPart);
        var imaginaryPart = Binary(ByDType.Binary<AddOp>(sum.DType), real(a, d, sum), real(b, c, sum), sum);
        return Binary(ByDType.Pair(sum.DType), realPart, imaginaryPart, output);
    }

    /// <summary>
    /// Products that are no matrix products, as tile nodes, which fuse: with one element contracted, an outer product; with all elements
    /// contracted in the same order, a sum of products.
    /// </summary>
    private Value? LowerSmallDot(DotGeneral op, Value x, Value y, TensorSpec lhs, TensorSpec rhs, TensorSpec output)
    {
        // Accumulation must be at least as precise as the result, which holds for the lanes of both operands and result.
        var lane = ByDType.Lane(lhs.DType);
        if (lane != ByDType.Lane(output.DType)) return null;
        long contracted = 1;
        foreach (var axis in op.LhsContracting) contracted *= lhs.Shape[axis];

        var multiply = ByDType.Binary<MultiplyOp>(lane);
        if (contracted == 1)
        {
            var batch = op.LhsBatch.Count;
            var rows = lhs.Rank - batch - op.LhsContracting.Count;
            x = Spread(x, lhs, op.LhsBatch, op.LhsContracting, batch, output.Shape);
            y = Spread(y, rhs, op.RhsBatch, op.RhsContracting, batch + rows, output.Shape);
            return Binary(multiply, x, y, output, rounds: true);
        }
        if (op.LhsBatch.Count == 0 && contracted == lhs.ElementCount && contracted == rhs.ElementCount && SameOrder(op, lhs.Shape))
        {
            var products = Binary(multiply, x, y, new Value(lane, contracted));
            var sum = new ReduceNode(ByDType.Reduce<AddOp>(lane), Scalar.Of(lane, 0L), new(1, contracted, 1), products, new(lane, 1));
            return ConvertTo(output.DType, Append(sum));
        }
        return null;
    }

    /// <summary>An operand as it meets the other one: batch axes first, its free axes from <paramref name="firstFree"/> on, and repeated along those of the other.</summary>
    private Value Spread(Value operand, TensorSpec spec, ValueArray<int> batch, ValueArray<int> contracting, int firstFree, Shape result)
    {
        var layout = LayoutOf(operand, spec.Shape);
        var strides = new long[result.Rank];
        for (var i = 0; i < batch.Count; i++) Place(i, batch[i]);
        for (var axis = 0; axis < spec.Rank; axis++)
            if (!batch.Contains(axis) && !contracting.Contains(axis))
                Place(firstFree++, axis);
        return ViewOf(layout with { Strides = strides }, spec.DType, result);

        void Place(int position, int axis) => strides[position] = spec.Shape[axis] == 1 ? 0 : layout.Strides[axis];
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
