using BrainState.Backends;
using BrainState.Ops;

namespace BrainState.BackendKit.Execution;

internal static class KernelsExtensions
{
    /// <summary>Runs a kernel with one result.</summary>
    public static Value Run(this IKernels kernels, Op op, ReadOnlySpan<Value?> inputs, TensorSpec output, IDevice device) => kernels.Run(op, inputs, [output], device)[0];

    public static Value Upload(this IKernels kernels, TensorSpec spec, ReadOnlySpan<byte> bytes, IDevice device)
    {
        var memory = HostMemory.Allocate(bytes.Length);
        try
        {
            bytes.CopyTo(memory.Span);
            return kernels.Upload(memory, spec, device);
        }
        finally
        {
            memory.Release();
        }
    }

    public static Value Upload(this IKernels kernels, Scalar scalar, IDevice device)
    {
        var bytes = new byte[scalar.DType.Size];
        scalar.Write(bytes);
        return kernels.Upload(new(scalar.DType, Shape.Scalar), bytes, device);
    }
}
