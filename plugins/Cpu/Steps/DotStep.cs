using BrainState.Cpu.Lowering;
using BrainState.Cpu.MatMul;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>A matrix product. A third input is one of its operands packed before.</summary>
internal sealed unsafe class DotStep(DotPlan plan, StepMemory memory) : Step
{
    private readonly Location lhs = memory.Inputs[0];
    private readonly Location rhs = memory.Inputs[1];
    private readonly Location? packed = memory.Inputs.Length > 2 ? memory.Inputs[2] : null;
    private readonly Location result = memory.Outputs[0];
    private readonly Location scratch = memory.Scratch;

    public override void Run(Frame frame) => plan.Run(frame[lhs], frame[rhs], packed is { } location ? frame[location] : null, frame[result], frame[scratch], frame.Workers);
}
