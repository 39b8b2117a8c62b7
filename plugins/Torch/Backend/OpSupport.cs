using BrainState.Backends;
using BrainState.Ops;

namespace BrainState.Torch;

/// <summary>What the backend runs: the ops that have a native kernel, those that are views, and control flow.</summary>
internal sealed class OpSupport(IReadOnlySet<string> kernels)
{
    public Support Of(Op op) => op switch
    {
        _ when op.GetType().Assembly != typeof(Op).Assembly => Support.No($"The torch backend does not know the op '{op.Name}'."),
        // These are the planner's: views of memory, and nested plans.
        BroadcastInDim or Reshape or Transpose or Slice or StopGradient or OptimizationBarrier
            or Cond or While or Scan or Call or Checkpoint or CustomJvp or CustomVjp or Composite => Support.Yes,
        DebugPrint or ErrorIf => Support.No("A program of the torch backend runs in one native call, which reports effects as results."),
        Reduce or ReduceWindow => Support.No($"The torch backend combines elements by sums, products, extremes and bits, but not by a program as '{op.Name}' does."),
        _ => kernels.Contains(op.Name) ? Support.Yes : Support.No($"The torch backend has no kernel for '{op.Name}'."),
    };
}
