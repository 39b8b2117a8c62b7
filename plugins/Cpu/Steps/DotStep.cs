using BrainState.Cpu.Lowering;
using BrainState.Cpu.MatMul;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>A matrix product.</summary>
internal sealed unsafe class DotStep(DotPlan plan, StepMemory memory) : Step
{
    private readonly Location lhs = memory.Inputs[0];
    private readonly Location rhs = memory.Inputs[1];
    private readonly Location result = memory.Outputs[0];
    private readonly Location scratch = memory.Scratch;

    public override void Run(Frame frame) => plan.Run(frame[lhs], frame[rhs], frame[result], frame[scratch], frame.Workers);
}
