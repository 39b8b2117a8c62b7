using System.Runtime.InteropServices;
using BrainState.Backends;

namespace BrainState.BackendKit;

/// <summary>A tensor in host memory: dense and row-major; a bool is one byte, 0 or 1.</summary>
public sealed class HostArray
{
    internal HostArray(TensorSpec spec, HostMemory memory) => (Spec, Memory) = (spec, memory);

    /// <summary>The dtype and shape.</summary>
    public TensorSpec Spec { get; }

    /// <summary>The elements as bytes, little-endian.</summary>
    public Span<byte> Bytes => Memory.Span;

    /// <summary>The memory, of which the array holds one reference.</summary>
    internal HostMemory Memory { get; }

    /// <summary>The elements.</summary>
    /// <exception cref="InvalidCastException"><typeparamref name="T"/> has another dtype. Complex64, which .NET has no type for, is read as bytes.</exception>
    public Span<T> Span<T>() where T : unmanaged => DTypeExtensions.DTypeOf<T>() == Spec.DType
        ? MemoryMarshal.Cast<byte, T>(Bytes)
        : throw new InvalidCastException($"{Spec} has no elements of type {typeof(T)}.");

    /// <inheritdoc/>
    public override string ToString() => Spec.ToString();
}
