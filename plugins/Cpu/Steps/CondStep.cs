using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>Runs the branch that the first operand selects; values outside select the nearest one.</summary>
internal sealed unsafe class CondStep(Plan[] branches, StepMemory memory) : Step
{
    private readonly Location index = memory.Inputs[0];
    private readonly Location[] operands = memory.Inputs[1..];
    private readonly Location[] results = memory.Outputs;

    public override Plan[] Nested => branches;

    public override void Run(Frame frame)
    {
        var child = frame.Child(this, Math.Clamp(*(int*)frame[index], 0, branches.Length - 1));
        for (var i = 0; i < operands.Length; i++) child.SetInput(i, frame[operands[i]]);
        for (var i = 0; i < results.Length; i++) child.SetOutput(i, frame[results[i]]);
        child.Run();
    }
}
