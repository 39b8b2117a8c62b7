using BrainState.Interpretation.Evaluation;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>What a program does beside computing.</summary>
internal static class EffectRules
{
    public static void AddTo(RuleTable table)
    {
        table.AddMany<DebugPrint>(static (op, step) =>
        {
            step.Execution.Options.Print?.Invoke(Text(op.Format, step.Operands));
            return [];
        });
        table.AddMany<ErrorIf>(static (op, step) => step.X[0].As<bool>() ? throw new ErrorIfException(Text(op.Message, step.Operands[1..])) : []);
    }

    private static string Text(string format, HostValue[] operands) =>
        EffectText.Format(format, [.. operands.Select(static x => (x.Spec, (ReadOnlyMemory<byte>)x.Bytes.ToArray()))]);
}
