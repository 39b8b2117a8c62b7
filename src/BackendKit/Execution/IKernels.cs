using BrainState.Backends;
using BrainState.Ops;

namespace BrainState.BackendKit.Execution;

/// <summary>What steps and plans know of a backend, whatever its arrays are.</summary>
internal interface IKernels
{
    BackendInfo Info { get; }

    IReadOnlyList<IDevice> Devices { get; }

    /// <summary>Whether there is a kernel.</summary>
    Support Supports(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device);

    /// <summary>Runs a kernel; the results are new or shared with operands, and exactly those declared.</summary>
    Value[] Run(Op op, ReadOnlySpan<Value?> inputs, ReadOnlySpan<TensorSpec> outputs, IDevice device);

    Value Upload(HostMemory data, TensorSpec spec, IDevice device);
}
