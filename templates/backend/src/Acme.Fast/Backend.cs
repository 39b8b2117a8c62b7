using BrainState;
using BrainState.BackendKit;
using BrainState.Backends;
using BrainState.Ops;

namespace Acme.Fast;

/// <summary>The backend: one kernel per op and dtype. The kit does the rest: programs, loops, branches, memory, devices.</summary>
internal sealed class Backend(int deviceCount) : HostKernelBackend(
    new("acme", "Acme.Fast", typeof(Backend).Assembly.GetName().Version!.ToString())
    {
        MoreDevices = "Set BrainState:Backends:acme:VirtualDevices to the number of devices that it shall offer.",
    },
    VirtualDevice.Create("cpu", deviceCount, "this process"))
{
    protected override Support HasKernel(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) => Kernels.Find(op, DTypeOf(inputs)) is not null
        ? Support.Yes
        : Support.No($"'acme' has no kernel for {op.Name} on ({string.Join(", ", inputs.ToArray())}) yet.");

    protected override void Run(Op op, ReadOnlySpan<HostArray> inputs, ReadOnlySpan<HostArray> outputs) =>
        Kernels.Find(op, inputs.IsEmpty ? null : inputs[0].Spec.DType)!(inputs, outputs);

    private static DType? DTypeOf(ReadOnlySpan<TensorSpec> inputs) => inputs.IsEmpty ? null : inputs[0].DType;
}
