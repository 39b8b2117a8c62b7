using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>
/// Runs the body once per step on slices of the stacked operands and into slices of the stacked results, without copies. The carry goes to
/// the results of the loop and the second buffers in turn, such that the last step writes the results. Operands of products that stay the
/// same are packed before the first step.
/// </summary>
internal sealed unsafe class ScanStep : Step
{
    private readonly Plan[] nested;
    private readonly int constCount, length;
    private readonly bool isReverse;
    private readonly Carry carry;
    private readonly Packing[] packings;
    private readonly Location[] inputs, carried, stacked;
    private readonly Location scratch;
    private readonly long[] operandSlices, resultSlices;

    public ScanStep(Plan body, int constCount, int length, bool isReverse, Carry carry, long[] operandSlices, long[] resultSlices, StepMemory memory)
    {
        nested = [body];
        (this.constCount, this.length, this.isReverse, this.carry) = (constCount, length, isReverse, carry);
        (this.operandSlices, this.resultSlices) = (operandSlices, resultSlices);
        (inputs, scratch, packings) = (memory.Inputs, memory.Scratch, body.Packings);
        var changing = memory.Outputs.Length - resultSlices.Length;
        (carried, stacked) = (memory.Outputs[..changing], memory.Outputs[changing..]);
    }

    public override Plan[] Nested => nested;

    public override void Run(Frame frame)
    {
        var body = frame.Child(this, 0);
        var buffers = frame[scratch];
        var fixedCount = constCount + carry.Count;
        for (var i = 0; i < fixedCount; i++) body.SetInput(i, frame[inputs[i]]);
        for (int i = 0, changing = 0; i < carry.Count; i++)
        {
            if (carry.IsInvariant[i]) continue;
            var result = frame[carried[changing++]];
            if (!carry.IsInPlace[i]) continue;
            Buffer.MemoryCopy(body.Input(constCount + i), result, carry.ByteCounts[i], carry.ByteCounts[i]);
            body.SetInput(constCount + i, result);
        }
        var packed = buffers + carry.BufferBytes;
        for (var i = 0; i < packings.Length; packed += packings[i++].Plan.PackedBytes)
        {
            packings[i].Plan.Pack(frame[inputs[packings[i].Input]], packed);
            body.SetInput(inputs.Length + i, packed);
        }
        for (var step = 0; step < length; step++)
        {
            frame.Context.ThrowIfStopped();
            var position = isReverse ? length - 1 - step : step;
            for (var i = 0; i < operandSlices.Length; i++)
                body.SetInput(fixedCount + i, frame[inputs[fixedCount + i]] + position * operandSlices[i]);
            for (var i = 0; i < resultSlices.Length; i++) body.SetOutput(carry.Count + i, frame[stacked[i]] + position * resultSlices[i]);
            var toResults = ((length - 1 - step) & 1) == 0;
            for (int i = 0, changing = 0; i < carry.Count; i++)
                if (!carry.IsInvariant[i])
                {
                    var result = frame[carried[changing++]];
                    body.SetOutput(i, toResults || carry.IsInPlace[i] ? result : buffers + carry.Offsets[i]);
                }
            body.Run();
            for (var i = 0; i < carry.Count; i++)
                if (!carry.IsInvariant[i])
                    body.SetInput(constCount + i, body.Output(i));
        }
    }
}
