using BrainState.Execution;
using BrainState.Ops;
using BrainState.Tracing;

namespace BrainState.ControlFlow;

/// <summary>
/// A scan as a tree of checkpointed scans, each over at most <c>base</c> parts: going back keeps about base · log(length) carries instead of one per step, and runs every
/// step about log(length) times more.
/// </summary>
internal static class CheckpointedScan
{
    public static Tensor[] Run(Scan scan, ReadOnlySpan<Tensor> operands, int @base)
    {
        if (@base < 2) throw new ArgumentOutOfRangeException(nameof(@base), $"A checkpointed loop is divided into at least 2 parts, not {@base}.");
        if (scan.Length <= @base) return Eager.Bind(scan, operands);
        var part = @base;
        while ((long)part * @base < scan.Length) part *= @base;
        return DividedScan.Run(scan, operands, part, (whole, given) => RunPart(whole, given, @base), (rest, given) => Run(rest, given, @base));
    }

    /// <summary>The same, of which going back keeps nothing but the operands.</summary>
    public static Tensor[] RunPart(Scan scan, Tensor[] operands, int @base)
    {
        var inner = Trace.Run([.. operands.Select(static x => new Aval(x.Spec, false))], given => Run(scan, given, @base)).Program;
        return Eager.Bind(new Checkpoint(inner, CheckpointPolicy.NothingSaveable), operands);
    }
}
