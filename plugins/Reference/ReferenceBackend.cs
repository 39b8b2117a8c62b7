using BrainState.Backends;
using BrainState.BackendKit;
using BrainState.Interpretation;
using BrainState.Ops;

namespace BrainState.Reference;

/// <summary>The interpreter as kernels; programs are run by the kit.</summary>
internal sealed class ReferenceBackend(int deviceCount) : KernelBackend<HostValue>(
    new("reference", "BrainState.Interpreter", typeof(Interpreter).Assembly.GetName().Version!.ToString())
    {
        MoreDevices = "Set BrainState:Backends:reference:VirtualDevices to the number of devices that it shall offer.",
    },
    VirtualDevice.Create("reference", deviceCount, "the executable specification, one op at a time"))
{
    protected override Support HasKernel(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) => Interpreter.Ops.Contains(op.GetType()) && !IsBuiltIn(op)
        ? Support.Yes
        : Support.No($"The specification does not know the op '{op.Name}'.");

    protected override HostValue[] Run(Op op, ReadOnlySpan<HostValue> inputs, ReadOnlySpan<TensorSpec> outputs, IDevice device) => Interpreter.Evaluate(op, inputs);

    protected override HostValue Upload(HostMemory data, TensorSpec spec, IDevice device) => HostValue.Of(spec, data.Span);

    protected override void Download(HostValue array, Span<byte> destination) => array.Bytes.CopyTo(destination);

    protected override TensorSpec SpecOf(HostValue array) => array.Spec;

    /// <summary>The same value: it is immutable, and all devices are the host.</summary>
    protected override HostValue Transfer(HostValue array, IDevice device) => array;
}
