using BrainState.Backends;
using BrainState.Ops;

namespace BrainState.Debugging;

/// <summary>What the effects of programs do: prints go to <see cref="Debug.Out"/>, errors are thrown.</summary>
internal static class EffectSink
{
    private static readonly Lock Printing = new();

    /// <summary>Handles one effect.</summary>
    public static readonly EffectHandler Handler = Handle;

    private static void Handle(Op op, IReadOnlyList<(TensorSpec Spec, ReadOnlyMemory<byte> Bytes)> operands)
    {
        switch (op)
        {
            case DebugPrint print:
                var text = EffectText.Format(print.Format, operands);
                lock (Printing) Debug.Out.WriteLine(text);
                break;
            case ErrorIf error:
                throw new JitErrorException(EffectText.Format(error.Message, [.. operands.Skip(1)]));
            default:
                throw new InvalidOperationException($"A backend reported the op '{op.Name}' as an effect.");
        }
    }
}
