using BrainState.BackendKit.Execution;
using BrainState.Ops;

namespace BrainState.BackendKit.Steps;

/// <summary>Runs a kernel.</summary>
internal sealed class KernelStep(Op op, TensorSpec[] outputs) : Step
{
    public override Value[] Execute(Run run, Value?[] operands) => run.Kernels.Run(op, operands, outputs, run.Device);
}
