using System.Collections.Immutable;

namespace BrainState.Serialization;

/// <summary>An array of a checkpoint: NumPy's name of its element type, its dimensions and its row-major little-endian bytes.</summary>
/// <remarks>
/// The codec does not interpret the elements, so it carries types that .NET does not know as well. Leaves that were read share
/// the memory of the input they were read from.
/// </remarks>
public sealed class ArrayLeaf
{
    /// <summary>An array leaf.</summary>
    /// <param name="dtypeName">NumPy's name without a byte order: <c>float32</c>, <c>bfloat16</c>, <c>int64</c>, <c>bool</c> …</param>
    /// <param name="dims">Length of each axis; empty for a zero-dimensional array.</param>
    /// <param name="bytes">The elements, row-major, little-endian; not copied.</param>
    /// <param name="isNumPyScalar">Whether the leaf is a NumPy scalar (<c>np.float32(3)</c>) and no array; needs empty dims.</param>
    /// <exception cref="ArgumentException">An empty name, a negative dimension, a scalar with dimensions, or bytes that do not
    /// fill the dimensions (for types whose size is not fixed by their name: do not divide into the elements).</exception>
    public ArrayLeaf(string dtypeName, ImmutableArray<long> dims, ReadOnlyMemory<byte> bytes, bool isNumPyScalar = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(dtypeName);
        if (Problem(dtypeName, dims, bytes.Length, isNumPyScalar) is { } problem)
            throw new ArgumentException(problem);
        (DTypeName, Dims, Bytes, IsNumPyScalar) = (dtypeName, dims, bytes, isNumPyScalar);
    }

    /// <summary>NumPy's name of the element type.</summary>
    public string DTypeName { get; }

    /// <summary>Length of each axis.</summary>
    public ImmutableArray<long> Dims { get; }

    /// <summary>The elements, row-major, little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whether this is a NumPy scalar (extension type 3) instead of an array (extension type 1).</summary>
    public bool IsNumPyScalar { get; }

    /// <summary>Product of the dimensions.</summary>
    public long ElementCount => Count(Dims) ?? 0;

    /// <summary>The element type and dimensions, for debugging: <c>float32[2, 3]</c>.</summary>
    public override string ToString() => $"{DTypeName}[{string.Join(", ", Dims)}]";

    /// <summary>What is wrong with these parts of a leaf, or null.</summary>
    internal static string? Problem(string dtypeName, ImmutableArray<long> dims, long byteCount, bool isNumPyScalar)
    {
        if (dims.IsDefault)
            return "An array needs dimensions, if only an empty list of them.";
        if (Count(dims) is not { } count)
            return $"The dimensions ({string.Join(", ", dims)}) are negative or too large.";
        if (isNumPyScalar && dims.Length > 0)
            return $"A NumPy scalar has no dimensions, not ({string.Join(", ", dims)}).";
        if (ElementSize.Of(dtypeName) is { } size && (Int128)size * count != byteCount)
            return $"An array {dtypeName}[{string.Join(", ", dims)}] has {(Int128)size * count} bytes, not {byteCount}.";
        if (count == 0 ? byteCount != 0 : byteCount % count != 0)
            return $"The {byteCount} bytes of an array {dtypeName}[{string.Join(", ", dims)}] do not divide into its elements.";
        return null;
    }

    /// <summary>The product of the dimensions; null if one is negative or the product does not fit.</summary>
    static long? Count(ImmutableArray<long> dims)
    {
        Int128 count = 1;
        foreach (var dim in dims)
        {
            if (dim < 0)
                return null;
            count = Int128.Min(count * dim, (Int128)long.MaxValue + 1);
        }

        return count > long.MaxValue ? null : (long)count;
    }
}
