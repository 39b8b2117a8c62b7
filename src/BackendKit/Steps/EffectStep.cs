using BrainState.BackendKit.Execution;
using BrainState.Ops;

namespace BrainState.BackendKit.Steps;

/// <summary>Tells the caller of the run what happens: a print, or an error if its condition is true.</summary>
internal sealed class EffectStep(Op op) : Step
{
    public override Value[] Execute(Run run, Value?[] operands)
    {
        if (op is ErrorIf && Read(operands[0]!).Bytes.Span[0] == 0) return [];
        if (run.Options.Effects is { } handler) handler(op, Array.ConvertAll(operands, Read));
        if (op is ErrorIf error) throw new ErrorIfException(EffectText.Format(error.Message, Array.ConvertAll(operands[1..], Read)));
        return [];
    }

    private static (TensorSpec Spec, ReadOnlyMemory<byte> Bytes) Read(Value? operand)
    {
        var bytes = new byte[operand!.Spec.ByteCount];
        operand.CopyTo(bytes);
        return (operand.Spec, bytes);
    }
}
