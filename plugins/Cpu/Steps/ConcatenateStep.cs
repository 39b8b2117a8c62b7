using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>Joins tensors: of each operand in turn a run of consecutive bytes, as often as there are outer positions.</summary>
internal sealed unsafe class ConcatenateStep(long outer, long[] runs, StepMemory memory) : Step
{
    private readonly Location[] inputs = memory.Inputs;
    private readonly Location output = memory.Outputs[0];
    private readonly long row = runs.Sum();

    public override void Run(Frame frame)
    {
        var start = frame[output];
        for (var i = 0; i < inputs.Length; i++)
        {
            var source = frame[inputs[i]];
            var target = start;
            for (long position = 0; position < outer; position++, source += runs[i], target += row)
                Buffer.MemoryCopy(source, target, runs[i], runs[i]);
            start += runs[i];
        }
    }
}
