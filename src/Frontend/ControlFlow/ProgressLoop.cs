using BrainState.Execution;
using BrainState.Ops;
using BrainState.Tracing;

namespace BrainState.ControlFlow;

/// <summary>A scan that says how far it is: a scan over stretches of steps, after each of which it reports. The steps themselves are as they were, so they take no longer.</summary>
internal static class ProgressLoop
{
    public static Tensor[] Run(LoopShape shape, ProgressBar bar, Scan scan, ReadOnlySpan<Tensor> operands)
    {
        var stretch = bar.StretchOf(shape.Transform, scan.Length);
        if (scan.Length == 0) return Eager.Bind(scan, operands);

        var report = new DebugPrint(DebugMessage.Escape(bar.DescriptionOf(scan.Length)), ProgressBar.Channel);
        void Report(Tensor done) => Eager.Bind(report, Lax.ConvertElementType(done, DType.Int32), Lax.ConvertElementType(scan.Length, DType.Int32));
        // One program, and so one run with one bar, also outside of transforms.
        var program = Trace.Run([.. operands.ToArray().Select(static x => new Aval(x.Spec, false))], given =>
        {
            Report(0);
            var part = Lax.Iota(DType.Int32, [scan.Length / stretch], 0);
            return DividedScan.Run(
                scan, given, stretch,
                (steps, x) =>
                {
                    var results = Steps(shape, steps, x[..^1], isPart: true);
                    Report(x[^1]);
                    return results;
                },
                (steps, x) =>
                {
                    var results = Steps(shape, steps, x, isPart: false);
                    Report(scan.Length);
                    return results;
                },
                Lax.Mul(Lax.Add(scan.Reverse ? Lax.Rev(part, [0]) : part, 1), stretch));
        }).Program;
        return Eager.Bind(new Call(program, "progress"), operands);
    }

    private static Tensor[] Steps(LoopShape shape, Scan scan, Tensor[] operands, bool isPart) => shape.CheckpointBase is not { } @base ? Eager.Bind(scan, operands)
        : isPart ? CheckpointedScan.RunPart(scan, operands, @base)
        : CheckpointedScan.Run(scan, operands, @base);
}
