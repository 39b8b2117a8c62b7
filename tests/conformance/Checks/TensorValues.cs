using BrainState.Interpretation;

namespace BrainState.Conformance;

/// <summary>From values on the host to tensors and back.</summary>
internal static class TensorValues
{
    public static Tensor ToTensor(HostValue value) => Tensor.FromBytes(value.Bytes, value.Spec);

    public static HostValue ToHost(Tensor tensor)
    {
        var bytes = new byte[tensor.Spec.ByteCount];
        tensor.CopyBytesTo(bytes);
        return HostValue.Of(tensor.Spec, bytes);
    }
}
