namespace BrainState.Serialization;

/// <summary>Tensors and .NET numbers as the arrays and NumPy scalars of checkpoints, and back.</summary>
static class TensorLeaf
{
    /// <summary>The values of a tensor, copied to the host.</summary>
    /// <exception cref="NotSupportedException">The tensor has more bytes than one .NET array can hold.</exception>
    /// <exception cref="TracedValueException">The tensor is traced.</exception>
    public static ArrayLeaf Of(Tensor tensor)
    {
        if (tensor.Spec.ByteCount > Array.MaxLength)
            throw new NotSupportedException($"A tensor {tensor.Spec} has {tensor.Spec.ByteCount} bytes, but a checkpoint takes {Array.MaxLength} at most.");
        var bytes = new byte[tensor.Spec.ByteCount];
        tensor.CopyBytesTo(bytes);
        return new(tensor.DType.Name, [.. tensor.Shape.Select(static size => (long)size)], bytes);
    }

    /// <summary>A NumPy scalar: what a number of a type that Python has not becomes.</summary>
    public static ArrayLeaf OfNumber<T>(T number) where T : unmanaged
    {
        var scalar = Scalar.Of(number);
        var bytes = new byte[scalar.DType.Size];
        scalar.Write(bytes);
        return new(scalar.DType.Name, [], bytes, isNumPyScalar: true);
    }

    /// <summary>What a value of a file is as a tensor, where a number is one without axes; null if it is none.</summary>
    public static Tensor? ToTensor(object? saved) => saved switch
    {
        bool truth => truth,
        long integer => integer,
        ulong integer => Tensor.FromScalar(Scalar.Of(integer)),
        double real => real,
        System.Numerics.Complex complex => complex,
        ArrayLeaf array when SpecOf(array) is { } spec => Tensor.FromBytes(spec.DType == DType.Bool ? Truths(array.Bytes.Span) : array.Bytes.Span, spec),
        _ => null,
    };

    /// <summary>The number that a value of a file is, in its .NET type; null if it is none.</summary>
    public static object? ToNumber(object? saved)
    {
        if (saved is not ArrayLeaf { Dims.Length: 0 } array)
            return saved is bool or long or ulong or double or System.Numerics.Complex ? saved : null;
        if (SpecOf(array) is not { } spec)
            return null;

        var scalar = Scalar.Read(spec.DType, array.Bytes.Span);
        return spec.DType switch
        {
            DType.Bool => (object)(scalar.Bits != 0),
            DType.Int8 => scalar.As<sbyte>(),
            DType.Int16 => scalar.As<short>(),
            DType.Int32 => scalar.As<int>(),
            DType.Int64 => scalar.As<long>(),
            DType.UInt8 => scalar.As<byte>(),
            DType.UInt16 => scalar.As<ushort>(),
            DType.UInt32 => scalar.As<uint>(),
            DType.UInt64 => scalar.As<ulong>(),
            DType.Float16 => scalar.As<Half>(),
            DType.BFloat16 => scalar.As<BFloat16>(),
            DType.Float32 => scalar.As<float>(),
            DType.Float64 => scalar.As<double>(),
            _ => scalar.ToComplex(),
        };
    }

    /// <summary>The spec of an array; null if tensors have no such dtype, or no such sizes.</summary>
    static TensorSpec? SpecOf(ArrayLeaf array)
    {
        // The codec lets any element type pass, and short names such as 'i8' mean something else to NumPy.
        if (!DType.TryParse(array.DTypeName, out var dtype) || dtype.Name != array.DTypeName)
            return null;
        try
        {
            var spec = new TensorSpec(dtype, array.Dims.Select(static size => checked((int)size)).ToArray());
            return spec.ByteCount == array.Bytes.Length ? spec : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>Truth values as 0 and 1, which is all that backends expect; a file may hold any byte.</summary>
    static byte[] Truths(ReadOnlySpan<byte> bytes)
    {
        var truths = new byte[bytes.Length];
        for (var i = 0; i < truths.Length; i++)
            truths[i] = bytes[i] == 0 ? (byte)0 : (byte)1;
        return truths;
    }
}
