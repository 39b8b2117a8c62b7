using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>Where a block starts that is placed at run time: one scalar per axis, clamped so that the block lies inside the tensor.</summary>
internal sealed unsafe class BlockPosition(Shape tensor, Shape block, DType indices, Location[] starts)
{
    private readonly long[] strides = tensor.RowMajorStrides();

    /// <summary>The offset of the block's first element, in elements.</summary>
    public long Offset(Frame frame)
    {
        long offset = 0;
        for (var axis = 0; axis < strides.Length; axis++)
            offset += Math.Clamp(Integers.Read(indices, frame[starts[axis]]), 0, tensor[axis] - block[axis]) * strides[axis];
        return offset;
    }
}

/// <summary>Copies a block out of a tensor.</summary>
internal sealed unsafe class DynamicSliceStep(TensorSpec operand, Shape block, DType indices, StepMemory memory) : Step
{
    private readonly BlockPosition position = new(operand.Shape, block, indices, memory.Inputs[1..]);
    private readonly StridedCopy copy = new(memory.Data, operand.DType.Size, Sizes.Of(block), operand.Shape.RowMajorStrides(), block.RowMajorStrides());
    private readonly Location source = memory.Inputs[0];
    private readonly Location target = memory.Outputs[0];

    public override void Run(Frame frame) =>
        copy.Run(frame[source] + position.Offset(frame) * operand.DType.Size, frame[target], frame.Workers);
}

/// <summary>Copies a tensor, unless the result is in its place, then a block into it.</summary>
internal sealed unsafe class DynamicUpdateSliceStep(TensorSpec operand, Shape block, DType indices, StepMemory memory) : Step
{
    private readonly BlockPosition position = new(operand.Shape, block, indices, memory.Inputs[2..]);
    private readonly StridedCopy copy = new(memory.Data, operand.DType.Size, Sizes.Of(block), block.RowMajorStrides(), operand.Shape.RowMajorStrides());
    private readonly Location source = memory.Inputs[0];
    private readonly Location update = memory.Inputs[1];
    private readonly Location target = memory.Outputs[0];
    private readonly long byteCount = operand.ByteCount;

    public override void Run(Frame frame)
    {
        byte* tensor = frame[source], result = frame[target];
        if (tensor != result) Buffer.MemoryCopy(tensor, result, byteCount, byteCount);
        copy.Run(frame[update], result + position.Offset(frame) * operand.DType.Size, frame.Workers);
    }
}

/// <summary>Axis sizes as the layouts here count them.</summary>
internal static class Sizes
{
    public static long[] Of(Shape shape) => Array.ConvertAll(shape.ToArray(), static size => (long)size);
}
