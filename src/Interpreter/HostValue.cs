using System.Runtime.InteropServices;

namespace BrainState.Interpretation;

/// <summary>An immutable tensor on the host: a spec and its elements, dense, row-major and little-endian.</summary>
public sealed class HostValue
{
    private readonly byte[] bytes;

    private HostValue(TensorSpec spec, byte[] bytes) => (Spec, this.bytes) = (spec, bytes);

    /// <summary>The dtype and shape.</summary>
    public TensorSpec Spec { get; }

    /// <summary>The number of elements.</summary>
    public int Count => checked((int)Spec.ElementCount);

    /// <summary>The elements as bytes; a bool is 0 or 1.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>The element at a row-major position.</summary>
    public Scalar this[int position] => Scalar.Read(Spec.DType, bytes.AsSpan(position * Spec.DType.Size));

    /// <summary>A tensor of rank 0.</summary>
    public static HostValue Of(Scalar value) => Generate(new(value.DType, Shape.Scalar), _ => value);

    /// <summary>A tensor of the given shape with the given elements in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of elements is not that of the shape.</exception>
    public static HostValue Of<T>(Shape shape, params ReadOnlySpan<T> values) where T : unmanaged =>
        Of(new TensorSpec(DTypeExtensions.DTypeOf<T>(), shape), MemoryMarshal.AsBytes(values));

    /// <summary>A tensor of the given spec with a copy of the given bytes; bools that are not 0 become 1.</summary>
    /// <exception cref="ArgumentException">The number of bytes is not that of the spec.</exception>
    public static HostValue Of(TensorSpec spec, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != spec.ByteCount) throw new ArgumentException($"{spec} has {spec.ByteCount} bytes, not {bytes.Length}.", nameof(bytes));
        var copy = bytes.ToArray();
        if (spec.DType == DType.Bool)
            foreach (ref var value in copy.AsSpan())
                value = value == 0 ? (byte)0 : (byte)1;
        return new(spec, copy);
    }

    /// <summary>A tensor whose element at each row-major position is <paramref name="element"/> of the position.</summary>
    /// <exception cref="ArgumentException">An element has another dtype.</exception>
    public static HostValue Generate(TensorSpec spec, Func<int, Scalar> element)
    {
        var bytes = new byte[spec.ByteCount];
        for (var i = 0; i < spec.ElementCount; i++)
        {
            var value = element(i);
            if (value.DType != spec.DType) throw new ArgumentException($"Element {i} is {value.DType.Name}, not {spec.DType.Name}.", nameof(element));
            value.Write(bytes.AsSpan(i * spec.DType.Size));
        }
        return new(spec, bytes);
    }

    /// <summary>The elements as .NET values.</summary>
    /// <exception cref="InvalidCastException"><typeparamref name="T"/> has another dtype.</exception>
    public T[] ToArray<T>() where T : unmanaged =>
        DTypeExtensions.DTypeOf<T>() == Spec.DType
            ? MemoryMarshal.Cast<byte, T>(bytes).ToArray()
            : throw new InvalidCastException($"{Spec} has no elements of type {typeof(T)}.");

    /// <summary>The same bytes read as elements of another spec of the same size.</summary>
    internal HostValue Reinterpret(TensorSpec spec) => Of(spec, bytes);

    /// <summary>The spec and the first elements, for messages.</summary>
    public override string ToString() =>
        $"{Spec} {{ {string.Join(", ", Enumerable.Range(0, Math.Min(Count, 8)).Select(i => this[i].ToString()))}{(Count > 8 ? ", …" : "")} }}";
}
