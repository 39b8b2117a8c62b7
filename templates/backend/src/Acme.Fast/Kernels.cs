using BrainState;
using BrainState.BackendKit;
using BrainState.Ops;

namespace Acme.Fast;

/// <summary>Computes every element of the outputs. The inputs must not be written to.</summary>
internal delegate void Kernel(ReadOnlySpan<HostArray> inputs, ReadOnlySpan<HostArray> outputs);

/// <summary>Which kernels there are: a new family of ops is a line here, a new dtype of it another.</summary>
internal static class Kernels
{
    /// <summary>The kernel of an op on operands of a dtype (null if it has no operands), or null if there is none yet.</summary>
    public static Kernel? Find(Op op, DType? dtype) => Shaping.Find(op) ?? dtype switch
    {
        DType.Float32 => Elementwise.OfFloats<float>(op),
        DType.Float64 => Elementwise.OfFloats<double>(op),
        DType.Int32 => Elementwise.OfNumbers<int>(op),
        DType.Int64 => Elementwise.OfNumbers<long>(op),
        _ => null,
    };
}
