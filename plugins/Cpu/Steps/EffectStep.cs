using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;
using BrainState.Ops;

namespace BrainState.Cpu.Steps;

/// <summary>Tells the caller of the run what happens: a print, or an error if its condition is true.</summary>
internal sealed unsafe class EffectStep(Op op, TensorSpec[] specs, StepMemory memory) : Step
{
    private readonly Location[] inputs = memory.Inputs;

    public override bool CanStop => true;

    public override void Run(Frame frame)
    {
        if (op is ErrorIf && *frame[inputs[0]] == 0) return;
        frame.Context.Effects?.Invoke(op, Operands(frame));
        if (op is ErrorIf error) throw new ErrorIfException(EffectText.Format(error.Message, Operands(frame)[1..]));
    }

    private (TensorSpec, ReadOnlyMemory<byte>)[] Operands(Frame frame)
    {
        var operands = new (TensorSpec, ReadOnlyMemory<byte>)[specs.Length];
        for (var i = 0; i < operands.Length; i++)
            operands[i] = (specs[i], new ReadOnlySpan<byte>(frame[inputs[i]], checked((int)specs[i].ByteCount)).ToArray());
        return operands;
    }
}
