using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;
using BrainState.Ops;

namespace BrainState.Cpu.Steps;

/// <summary>Fills the result with the padding value, then copies what is not cropped to its place.</summary>
internal sealed unsafe class PadStep(StridedCopy? copy, long sourceOffset, long targetOffset, int elementSize, long count, StepMemory memory) : Step
{
    private readonly Location source = memory.Inputs[0];
    private readonly Location value = memory.Inputs[1];
    private readonly Location target = memory.Outputs[0];

    public static PadStep Make(ValueArray<PaddingConfig> padding, TensorSpec operand, Shape result, StepMemory memory)
    {
        var rank = operand.Rank;
        var (sizes, sourceStrides, targetStrides) = (new long[rank], operand.Shape.RowMajorStrides(), result.RowMajorStrides());
        long sourceOffset = 0, targetOffset = 0, count = 1;
        for (var axis = 0; axis < rank; axis++)
        {
            // Element i goes to low + i·step; those from the first to the last that land inside stay.
            var (low, step) = (padding[axis].Low, padding[axis].Interior + 1L);
            var first = low >= 0 ? 0 : (-low + step - 1) / step;
            var last = Math.Min(operand.Shape[axis] - 1L, (long)Math.Floor((double)(result[axis] - 1L - low) / step));
            sizes[axis] = Math.Max(0, last - first + 1);
            count *= sizes[axis];
            sourceOffset += first * sourceStrides[axis];
            targetOffset += (low + first * step) * targetStrides[axis];
            targetStrides[axis] *= step;
        }
        var size = operand.DType.Size;
        var copy = count == 0 ? null : new StridedCopy(memory.Data, size, sizes, sourceStrides, targetStrides);
        return new(copy, sourceOffset * size, targetOffset * size, size, result.ElementCount, memory);
    }

    public override void Run(Frame frame)
    {
        var from = frame[value];
        var to = frame[target];
        switch (elementSize)
        {
            case 1: Fill<byte>(to, from); break;
            case 2: Fill<ushort>(to, from); break;
            case 4: Fill<uint>(to, from); break;
            case 8: Fill<ulong>(to, from); break;
            default: Fill<UInt128>(to, from); break;
        }
        copy?.Run(frame[source] + sourceOffset, to + targetOffset, frame.Workers);
    }

    private void Fill<T>(byte* to, byte* from) where T : unmanaged
    {
        const int chunk = 1 << 20;
        for (long i = 0; i < count; i += chunk) new Span<T>((T*)to + i, (int)Math.Min(chunk, count - i)).Fill(*(T*)from);
    }
}
