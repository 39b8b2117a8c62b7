using BrainState.Cpu.Steps;
using BrainState.Ops;

namespace BrainState.Cpu.Lowering;

/// <summary>Ops with a step of their own.</summary>
internal sealed partial class Lowerer
{
    /// <summary>Copies a view into consecutive elements, block by block.</summary>
    private Value LowerRelayout(Value value)
    {
        var view = value.View!;
        var result = new Value(value.DType, value.Count);
        return Append(new StepNode([view.Source], [result], 0, memory => CopyStep.Relayout(view, value.DType.Size, memory)));
    }

    private Value LowerConcatenate(Concatenate op, Operands operands, TensorSpec output)
    {
        var shape = output.Shape;
        long outer = 1, inner = output.DType.Size;
        for (var i = 0; i < op.Dimension; i++) outer *= shape[i];
        for (var i = op.Dimension + 1; i < shape.Rank; i++) inner *= shape[i];
        var pieces = new List<Value>();
        var lengths = new List<long>();
        for (var i = 0; i < operands.Values.Length; i++)
        {
            if (operands.Values[i].Count == 0) continue;
            pieces.Add(operands.Values[i]);
            lengths.Add(operands.Specs[i].Shape[op.Dimension] * inner);
        }
        if (output.ElementCount == 0) return new(output.DType, 0);
        return pieces.Count == 1 ? pieces[0] : AddStep(pieces.ToArray(), output, memory => new ConcatenateStep(outer, [.. lengths], memory));
    }

    private Value LowerPad(Pad op, Operands operands, TensorSpec output) => Padded(operands.Values[0], operands.Specs[0], operands.Values[1], op.Padding, output);

    private Value Padded(Value x, TensorSpec spec, Value padding, ValueArray<PaddingConfig> edges, TensorSpec output)
    {
        if (output.ElementCount == 0) return new(output.DType, 0);
        if (spec.ElementCount == 0) return Broadcast(padding, output.Shape);
        return AddStep([x, padding], output, memory => PadStep.Make(edges, spec, output.Shape, memory));
    }

    /// <summary>A scalar value everywhere.</summary>
    private Value Broadcast(Value scalar, Shape shape) =>
        ViewOf(LayoutOf(scalar, Shape.Scalar) with { Strides = new long[shape.Rank] }, scalar.DType, shape);

    private Value LowerDynamicSlice(Operands operands, TensorSpec output)
    {
        if (output.ElementCount == 0) return new(output.DType, 0);
        if (output == operands.Specs[0]) return operands.Values[0];
        var (spec, indices) = (operands.Specs[0], operands.Specs[1].DType);
        return AddStep(operands.Values, output, memory => new DynamicSliceStep(spec, output.Shape, indices, memory));
    }

    private Value LowerDynamicUpdateSlice(Operands operands, TensorSpec output)
    {
        var update = operands.Specs[1];
        if (update.ElementCount == 0) return operands.Values[0];
        if (update == output) return operands.Values[1];
        var indices = operands.Specs[2].DType;
        return AddStep(operands.Values, output, memory => new DynamicUpdateSliceStep(output, update.Shape, indices, memory), updatesFirst: true);
    }

    private Value[] LowerEffect(Op op, Operands operands)
    {
        var specs = operands.Specs.ToArray();
        AppendAll(new StepNode(InMemory(operands.Values), [], 0, memory => new EffectStep(op, specs, memory)) { HasEffects = true });
        return [];
    }

    /// <summary>The operands as they are; what comes later is not computed together with what came before.</summary>
    private Value[] LowerBarrier(Operands operands)
    {
        nodes.Add(new FenceNode());
        return operands.Values;
    }

    private Value LowerRandomBits(RandomBits op, Operands operands, TensorSpec output)
    {
        if (output.ElementCount == 0) return new(output.DType, 0);
        return AddStep(operands.Values, output, memory => new RandomBitsStep(op.DType.Size, op.Shape.ElementCount, output.ElementCount, memory));
    }

    private Value[] LowerSort(Sort op, Operands operands)
    {
        var spec = operands.Specs[0];
        if (spec.ElementCount == 0 || spec.Shape[op.Dimension] == 1) return operands.Values;
        var outputs = new Value[operands.Values.Length];
        var dtypes = new DType[outputs.Length];
        for (var i = 0; i < outputs.Length; i++)
        {
            dtypes[i] = operands.Specs[i].DType;
            outputs[i] = new Value(dtypes[i], spec.ElementCount);
        }
        long stride = 1;
        for (var i = op.Dimension + 1; i < spec.Rank; i++) stride *= spec.Shape[i];
        var length = spec.Shape[op.Dimension];
        var lanes = spec.ElementCount / length;
        AppendAll(new StepNode(InMemory(operands.Values), outputs, SortStep.ScratchBytes(length, lanes),
            memory => new SortStep(dtypes, op.KeyCount, length, stride, lanes, memory)));
        return outputs;
    }
}
