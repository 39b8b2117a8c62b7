using System.Numerics;
using System.Runtime.InteropServices;
using BrainState.Backends;
using BrainState.Execution;
using BrainState.NumPy;
using BrainState.Tracing;

namespace BrainState;

/// <content>From and to .NET values.</content>
public sealed partial class Tensor
{
    /// <summary>A tensor with a copy of <paramref name="values"/>, row-major; .NET element types keep their dtype.</summary>
    /// <exception cref="ArgumentException">The number of values is not that of the shape.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> values, Shape shape) where T : unmanaged
    {
        var spec = new TensorSpec(DTypeExtensions.DTypeOf<T>(), shape);
        if (values.Length != shape.ElementCount)
            throw new ArgumentException($"Shape {shape} has {shape.ElementCount} elements, but {values.Length} values were given.", nameof(values));
        var memory = HostMemory.Allocate(spec.ByteCount);
        MemoryMarshal.AsBytes(values).CopyTo(memory.Span);
        return FromHost(memory, spec);
    }

    /// <summary>A one-dimensional tensor with a copy of <paramref name="values"/>.</summary>
    public static Tensor From<T>(ReadOnlySpan<T> values) where T : unmanaged => From(values, [values.Length]);

    /// <summary>A tensor with the shape and a copy of the elements of a .NET array of any rank.</summary>
    /// <exception cref="NotSupportedException">No dtype holds the elements of the array.</exception>
    public static Tensor From(Array values)
    {
        var element = values.GetType().GetElementType()!;
        var dtype = DTypeExtensions.TryDTypeOf(element) ?? throw new NotSupportedException(
            $"Tensors have no dtype for elements of type {element}; use a rectangular array of bool, integers, Half, BFloat16, float, double or Complex.");
        var dims = Enumerable.Range(0, values.Rank).Select(values.GetLength).ToArray();
        var spec = new TensorSpec(dtype, dims);
        var memory = HostMemory.Allocate(spec.ByteCount);
        if (spec.ByteCount > 0)
            MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(values), checked((int)spec.ByteCount)).CopyTo(memory.Span);
        return FromHost(memory, spec);
    }

    /// <summary>A tensor with the shape and a copy of the elements of a <see cref="System.Numerics.Tensors.Tensor{T}"/>.</summary>
    public static Tensor From<T>(System.Numerics.Tensors.Tensor<T> values) where T : unmanaged
    {
        var flat = new T[checked((int)values.FlattenedLength)];
        values.FlattenTo(flat);
        return From<T>(flat, values.Lengths.ToArray().Select(n => checked((int)n)).ToArray());
    }

    /// <summary>A tensor of the given spec with a copy of its elements as bytes: row-major, little-endian, a bool as one byte 0 or 1.</summary>
    /// <exception cref="ArgumentException">The number of bytes is not that of the spec.</exception>
    public static Tensor FromBytes(ReadOnlySpan<byte> bytes, TensorSpec spec)
    {
        if (bytes.Length != spec.ByteCount) throw new ArgumentException($"{spec} has {spec.ByteCount} bytes, but {bytes.Length} were given.", nameof(bytes));
        var memory = HostMemory.Allocate(spec.ByteCount);
        bytes.CopyTo(memory.Span);
        return FromHost(memory, spec);
    }

    /// <summary>The values, row-major, as raw bytes.</summary>
    /// <exception cref="TracedValueException">The tensor is traced.</exception>
    internal void CopyBytesTo(Span<byte> destination)
    {
        switch (source)
        {
            case SharedBuffer buffer:
                // While somebody holds a reference, no call writes over the memory, even if this handle is disposed meanwhile.
                buffer.AddReference();
                try
                {
                    buffer.Buffer.CopyTo(destination);
                }
                finally
                {
                    buffer.Release();
                    GC.KeepAlive(this); // Until there was another reference.
                }
                break;
            case HostMemory memory:
                memory.Span[..destination.Length].CopyTo(destination);
                GC.KeepAlive(this);
                break;
            case HostNumber number:
                number.As(DType).Write(destination);
                break;
            case Trace:
                throw Unreadable();
            default:
                throw Disposed();
        }
    }

    /// <summary>Waits for the values and copies them, row-major.</summary>
    /// <exception cref="InvalidCastException"><typeparamref name="T"/> is not the element type of this dtype; convert with <see cref="AsType"/> first.</exception>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="Size"/>.</exception>
    /// <exception cref="TracedValueException">The tensor is traced.</exception>
    public void CopyTo<T>(Span<T> destination) where T : unmanaged
    {
        RequireElement<T>();
        if (destination.Length < Size) throw new ArgumentException($"The destination holds {destination.Length} elements, but the tensor has {Size}.", nameof(destination));
        CopyBytesTo(MemoryMarshal.AsBytes(destination[..checked((int)Size)]));
    }

    /// <summary>The values, row-major, in a new array.</summary>
    /// <inheritdoc cref="CopyTo{T}"/>
    public T[] ToArray<T>() where T : unmanaged
    {
        RequireElement<T>();
        var values = new T[checked((int)Size)];
        CopyTo<T>(values);
        return values;
    }

    /// <summary>The values in a new array of the given rank, such as <c>float[,]</c>.</summary>
    /// <inheritdoc cref="CopyTo{T}"/>
    public Array ToMultidimensionalArray()
    {
        var element = DType switch
        {
            DType.Bool => typeof(bool),
            DType.Int8 => typeof(sbyte),
            DType.Int16 => typeof(short),
            DType.Int32 => typeof(int),
            DType.Int64 => typeof(long),
            DType.UInt8 => typeof(byte),
            DType.UInt16 => typeof(ushort),
            DType.UInt32 => typeof(uint),
            DType.UInt64 => typeof(ulong),
            DType.Float16 => typeof(Half),
            DType.BFloat16 => typeof(BFloat16),
            DType.Float32 => typeof(float),
            DType.Float64 => typeof(double),
            DType.Complex128 => typeof(Complex),
            _ => throw new NotSupportedException($".NET has no element type for {DType.Name}."),
        };
        var array = Array.CreateInstance(element, Rank == 0 ? [1] : Shape.ToArray());
        if (Size > 0) CopyBytesTo(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), checked((int)Spec.ByteCount)));
        return array;
    }

    /// <summary>The values as a <see cref="System.Numerics.Tensors.Tensor{T}"/> of the same shape.</summary>
    /// <inheritdoc cref="CopyTo{T}"/>
    public System.Numerics.Tensors.Tensor<T> ToNumericsTensor<T>() where T : unmanaged =>
        System.Numerics.Tensors.Tensor.Create(ToArray<T>(), Shape.Select(n => (nint)n).ToArray());

    /// <summary>The single element, as <typeparamref name="T"/> without conversion.</summary>
    /// <exception cref="InvalidOperationException">There is not exactly one element.</exception>
    /// <inheritdoc cref="CopyTo{T}"/>
    public T ToScalar<T>() where T : unmanaged
    {
        RequireElement<T>();
        return ReadScalar().As<T>();
    }

    private void RequireElement<T>() where T : unmanaged
    {
        var wanted = DTypeExtensions.DTypeOf<T>();
        if (wanted != DType)
            throw new InvalidCastException($"The tensor is {Spec}, whose elements are not {typeof(T).Name}. Convert it first: x.AsType(DType.{wanted}).");
    }

    private Scalar ReadScalar()
    {
        if (source is Trace) throw Unreadable();
        if (Size != 1) throw new InvalidOperationException($"Only a tensor of one element is a number, but this one is {Spec}.");
        Span<byte> bytes = stackalloc byte[16];
        CopyBytesTo(bytes[..DType.Size]);
        return Scalar.Read(DType, bytes);
    }

    /// <summary>A weak number: <c>x * 2.5</c> keeps the dtype of x.</summary>
    public static implicit operator Tensor(double number) => FromNumber(number, Environ.DefaultFloat, isWeak: true);

    /// <summary>A weak number: <c>x * 2.5f</c> keeps the dtype of x.</summary>
    public static implicit operator Tensor(float number) => FromNumber((double)number, Environ.DefaultFloat, isWeak: true);

    /// <summary>A weak number: <c>x * 2</c> keeps the dtype of x.</summary>
    public static implicit operator Tensor(int number) => FromNumber((long)number, Environ.DefaultInteger, isWeak: true);

    /// <summary>A weak number; a value beyond the default integer dtype is a weak int64.</summary>
    public static implicit operator Tensor(long number) =>
        FromNumber(number, (int)number == number ? Environ.DefaultInteger : DType.Int64, isWeak: true);

    /// <summary>A truth value.</summary>
    public static implicit operator Tensor(bool value) => FromNumber(value, DType.Bool, isWeak: false);

    /// <summary>A weak complex number.</summary>
    public static implicit operator Tensor(Complex number) => FromNumber(number, Environ.DefaultComplex, isWeak: true);

    /// <summary>A copy of an array, as float32.</summary>
    public static implicit operator Tensor(float[] values) => From<float>(values);

    /// <summary>A copy of an array, as float64.</summary>
    public static implicit operator Tensor(double[] values) => From<double>(values);

    /// <summary>A copy of an array, as int32.</summary>
    public static implicit operator Tensor(int[] values) => From<int>(values);

    /// <summary>A copy of an array, as float32.</summary>
    public static implicit operator Tensor(float[,] values) => From(values);

    /// <summary>A copy of an array, as float64.</summary>
    public static implicit operator Tensor(double[,] values) => From(values);

    /// <summary>The single element, converted.</summary>
    public static explicit operator float(Tensor tensor) => (float)tensor.ReadScalar().ToDouble();

    /// <summary>The single element, converted.</summary>
    public static explicit operator double(Tensor tensor) => tensor.ReadScalar().ToDouble();

    /// <summary>The single element, converted; floats are truncated.</summary>
    public static explicit operator int(Tensor tensor) => checked((int)tensor.ReadScalar().ToInt64());

    /// <summary>The single element, converted; floats are truncated.</summary>
    public static explicit operator long(Tensor tensor) => tensor.ReadScalar().ToInt64();

    /// <summary>Whether the single element is not zero.</summary>
    public static explicit operator bool(Tensor tensor) => tensor.ReadScalar().ToComplex() != Complex.Zero;

    /// <summary>The values as NumPy prints them; a traced tensor prints as its spec.</summary>
    public override string ToString()
    {
        if (source is Trace) return $"Traced<{Spec}>";
        if (source is null or Donation) return source is null ? $"Disposed<{Spec}>" : $"Donated<{Spec}>";
        return TensorText.Format(this);
    }
}
