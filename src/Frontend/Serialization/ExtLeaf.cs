namespace BrainState.Serialization;

/// <summary>A MessagePack extension value whose type this codec does not know; it is carried unread.</summary>
public sealed class ExtLeaf
{
    /// <summary>An extension value.</summary>
    /// <param name="code">The extension type; 1 to 3 are taken by arrays, complex numbers and NumPy scalars.</param>
    /// <param name="data">The payload; not copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">The code is 1, 2 or 3.</exception>
    public ExtLeaf(sbyte code, ReadOnlyMemory<byte> data)
    {
        if (code is ExtensionCode.Array or ExtensionCode.Complex or ExtensionCode.NumPyScalar)
            throw new ArgumentOutOfRangeException(
                nameof(code), code, "Extension types 1 to 3 are ArrayLeaf, Complex and the NumPy scalar ArrayLeaf.");
        (Code, Data) = (code, data);
    }

    /// <summary>The extension type.</summary>
    public sbyte Code { get; }

    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Data { get; }
}
