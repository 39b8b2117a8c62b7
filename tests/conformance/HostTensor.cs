using System.Runtime.InteropServices;

namespace BrainState.Conformance;

/// <summary>A tensor on the host: the input or expected output of a case.</summary>
public sealed class HostTensor
{
    private HostTensor(TensorSpec spec, byte[] bytes) => (Spec, Bytes) = (spec, bytes);

    /// <summary>Dtype and shape.</summary>
    public TensorSpec Spec { get; }

    /// <summary>The elements, row-major, little-endian.</summary>
    public byte[] Bytes { get; }

    /// <summary>A tensor of the given elements.</summary>
    public static HostTensor Of<T>(Shape shape, params ReadOnlySpan<T> values) where T : unmanaged
    {
        if (values.Length != shape.ElementCount) throw new ArgumentException($"Shape {shape} has {shape.ElementCount} elements, not {values.Length}.", nameof(values));
        return new(new(DTypeExtensions.DTypeOf<T>(), shape), MemoryMarshal.AsBytes(values).ToArray());
    }

    /// <summary>A tensor of zeros, to be filled by a computation.</summary>
    public static HostTensor Empty(TensorSpec spec) => new(spec, new byte[spec.ByteCount]);

    /// <summary>The element at a row-major position.</summary>
    public Scalar this[long index] => Scalar.Read(Spec.DType, Bytes.AsSpan((int)(index * Spec.DType.Size)));
}
