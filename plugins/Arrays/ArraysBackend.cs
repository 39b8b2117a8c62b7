using BrainState.BackendKit;
using BrainState.Backends;

namespace BrainState.Arrays;

/// <summary>A kernel for each op; programs are run by the kit.</summary>
internal sealed class ArraysBackend(int deviceCount) : KernelBackend<NdArray>(
    new("arrays", "BrainState.Arrays", typeof(ArraysBackend).Assembly.GetName().Version!.ToString())
    {
        MoreDevices = "Set BrainState:Backends:arrays:VirtualDevices to the number of devices that it shall offer.",
    },
    VirtualDevice.Create("arrays", deviceCount, "strided arrays in this process"))
{
    protected override Support HasKernel(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) => Kernels.Find(op, inputs) is not null
        ? Support.Yes
        : Support.No($"'arrays' has no kernel for {op.Name} on ({string.Join(", ", inputs.ToArray())}).");

    protected override NdArray[] Run(Op op, ReadOnlySpan<NdArray> inputs, ReadOnlySpan<TensorSpec> outputs, IDevice device)
    {
        var specs = new TensorSpec[inputs.Length];
        for (var i = 0; i < specs.Length; i++) specs[i] = inputs[i].Spec;
        // Elements are counted in int, also where all are one and the same.
        foreach (var output in outputs)
            if (output.ElementCount > Array.MaxLength) throw new DeviceOutOfMemoryException(device.Name, output.ByteCount);
        return Kernels.Find(op, specs)!(inputs.ToArray(), outputs.ToArray());
    }

    protected override NdArray Upload(HostMemory data, TensorSpec spec, IDevice device) => NdArray.Read(spec, data.Span);

    protected override void Download(NdArray array, Span<byte> destination) => array.CopyTo(destination);

    protected override TensorSpec SpecOf(NdArray array) => array.Spec;

    /// <summary>The same array: nobody writes to it, and all devices are the host.</summary>
    protected override NdArray Transfer(NdArray array, IDevice device) => array;
}
