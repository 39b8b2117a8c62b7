using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>
/// Runs the body while the condition holds. The first step reads the carry where the operands are; results go to the second buffers and the
/// results of the loop in turn, and a last copy is needed only if the loop ends in the second buffers.
/// </summary>
internal sealed unsafe class WhileStep(Plan condition, Plan body, int conditionConsts, int bodyConsts, Carry carry, StepMemory memory) : Step
{
    private readonly Plan[] nested = [condition, body];
    private readonly Location[] inputs = memory.Inputs;
    private readonly Location[] results = memory.Outputs;
    private readonly Location scratch = memory.Scratch;

    public override Plan[] Nested => nested;

    public override void Run(Frame frame)
    {
        var (test, loop) = (frame.Child(this, 0), frame.Child(this, 1));
        var buffers = frame[scratch];
        var verdict = buffers + carry.BufferBytes;
        for (var i = 0; i < conditionConsts; i++) test.SetInput(i, frame[inputs[i]]);
        for (var i = 0; i < bodyConsts; i++) loop.SetInput(i, frame[inputs[conditionConsts + i]]);
        var firstCarry = conditionConsts + bodyConsts;
        for (int i = 0, changing = 0; i < carry.Count; i++)
        {
            var start = frame[inputs[firstCarry + i]];
            var result = carry.IsInvariant[i] ? null : frame[results[changing++]];
            if (carry.IsInPlace[i]) Buffer.MemoryCopy(start, result, carry.ByteCounts[i], carry.ByteCounts[i]);
            SetCarry(test, loop, i, carry.IsInPlace[i] ? result : start);
        }
        test.SetOutput(0, verdict);

        for (var inBuffers = true; ; inBuffers = !inBuffers)
        {
            frame.Context.ThrowIfStopped();
            test.Run();
            if (*verdict == 0) break;
            for (int i = 0, changing = 0; i < carry.Count; i++)
                if (!carry.IsInvariant[i])
                {
                    var result = frame[results[changing++]];
                    loop.SetOutput(i, inBuffers && !carry.IsInPlace[i] ? buffers + carry.Offsets[i] : result);
                }
            loop.Run();
            for (int i = 0, changing = 0; i < carry.Count; i++)
                if (!carry.IsInvariant[i])
                {
                    var result = frame[results[changing++]];
                    SetCarry(test, loop, i, inBuffers && !carry.IsInPlace[i] ? buffers + carry.Offsets[i] : result);
                }
        }

        for (int i = 0, changing = 0; i < carry.Count; i++)
        {
            if (carry.IsInvariant[i]) continue;
            var from = loop.Input(bodyConsts + i);
            var to = frame[results[changing++]];
            if (from != to) Buffer.MemoryCopy(from, to, carry.ByteCounts[i], carry.ByteCounts[i]);
        }
    }

    private void SetCarry(Frame test, Frame loop, int index, byte* address)
    {
        test.SetInput(conditionConsts + index, address);
        loop.SetInput(bodyConsts + index, address);
    }
}
