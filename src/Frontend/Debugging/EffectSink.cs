using System.Runtime.InteropServices;
using BrainState.Backends;
using BrainState.Ops;

namespace BrainState.Debugging;

/// <summary>What the effects of one run of a program do: prints go to <see cref="Debug.Out"/> or to whom their channel names, errors are thrown. Bars stay open until the run ends.</summary>
internal sealed class EffectSink : IDisposable
{
    private static readonly Lock Printing = new();

    /// <summary>The channel of <see cref="Transforms.BreakpointIf"/>.</summary>
    public const string BreakpointChannel = "breakpoint";

    private Dictionary<(DebugPrint Report, int Length), IProgressTask>? bars;

    /// <summary>Handles one effect.</summary>
    public void Handle(Op op, IReadOnlyList<(TensorSpec Spec, ReadOnlyMemory<byte> Bytes)> operands)
    {
        switch (op)
        {
            case DebugPrint { Channel: ProgressBar.Channel } report:
                Report(report, operands);
                break;
            case DebugPrint print:
                var text = EffectText.Format(print.Format, operands);
                if (print.Channel == BreakpointChannel) Debug.Breakpoint(text);
                else lock (Printing) Debug.Out.WriteLine(text);
                break;
            case ErrorIf error:
                throw new JitErrorException(EffectText.Format(error.Message, [.. operands.Skip(1)]));
            default:
                throw new InvalidOperationException($"A backend reported the op '{op.Name}' as an effect.");
        }
    }

    public void Dispose()
    {
        foreach (var bar in bars?.Values.Reverse() ?? []) bar.Dispose();
    }

    private void Report(DebugPrint report, IReadOnlyList<(TensorSpec Spec, ReadOnlyMemory<byte> Bytes)> operands)
    {
        var (done, length) = (MemoryMarshal.Read<int>(operands[0].Bytes.Span), MemoryMarshal.Read<int>(operands[1].Bytes.Span));
        bars ??= [];
        if (!bars.TryGetValue((report, length), out var bar))
            bars.Add((report, length), bar = Debug.Progress.Begin(EffectText.Format(report.Format, operands), length));
        bar.Report(done);
    }
}
