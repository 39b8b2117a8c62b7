using BrainState.Backends;
using BrainState.Ops;

namespace BrainState.BackendKit;

/// <summary>A backend of kernels that read and write host memory. The results of an op are allocated before its kernel is called.</summary>
/// <remarks>See <see cref="KernelBackend{TArray}"/> for what the kit does beside.</remarks>
public abstract class HostKernelBackend(BackendInfo info, IReadOnlyList<IDevice> devices) : KernelBackend<HostArray>(info, devices)
{
    /// <summary>Runs an op.</summary>
    /// <param name="op">An op for which <see cref="KernelBackend{TArray}.HasKernel"/> says yes.</param>
    /// <param name="inputs">The operands, which must not be written to.</param>
    /// <param name="outputs">Where every element of the results is to be written; uninitialised.</param>
    protected abstract void Run(Op op, ReadOnlySpan<HostArray> inputs, ReadOnlySpan<HostArray> outputs);

    /// <inheritdoc/>
    protected sealed override HostArray[] Run(Op op, ReadOnlySpan<HostArray> inputs, ReadOnlySpan<TensorSpec> outputs, IDevice device)
    {
        var results = new HostArray[outputs.Length];
        var allocated = 0;
        try
        {
            for (; allocated < results.Length; allocated++) results[allocated] = new(outputs[allocated], Allocate(outputs[allocated].ByteCount, device));
            Run(op, inputs, results);
            return results;
        }
        catch
        {
            foreach (var result in results.AsSpan(0, allocated)) Free(result);
            throw;
        }
    }

    /// <inheritdoc/>
    protected sealed override HostArray Upload(HostMemory data, TensorSpec spec, IDevice device) => new(spec, data.AddReference());

    /// <inheritdoc/>
    protected sealed override void Download(HostArray array, Span<byte> destination) => array.Bytes.CopyTo(destination);

    /// <inheritdoc/>
    protected sealed override TensorSpec SpecOf(HostArray array) => array.Spec;

    /// <inheritdoc/>
    protected sealed override void Free(HostArray array) => array.Memory.Release();

    /// <summary>The same memory: all devices share the host's.</summary>
    protected sealed override HostArray Transfer(HostArray array, IDevice device) => new(array.Spec, array.Memory.AddReference());

    private static HostMemory Allocate(long length, IDevice device)
    {
        try
        {
            return HostMemory.Allocate(length);
        }
        catch (OutOfMemoryException failure)
        {
            throw new DeviceOutOfMemoryException(device.Name, length, failure);
        }
    }
}
