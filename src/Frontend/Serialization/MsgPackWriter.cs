using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace BrainState.Serialization;

/// <summary>
/// Writes trees as MessagePack, every value in its shortest form, as msgpack-python does. The values are those
/// <see cref="MsgPack"/> lists.
/// </summary>
/// <param name="output">Receives the bytes; arrays go to it straight from their own memory.</param>
/// <param name="maxChunkBytes">Arrays of more bytes are written in pieces of at most that size.</param>
sealed class MsgPackWriter(Stream output, long maxChunkBytes = MsgPackLimits.MaxChunkBytes)
{
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Keys from the root to the value being written.</summary>
    readonly List<string> path = [];

    /// <summary>Writes one tree.</summary>
    /// <exception cref="ArgumentException">The tree holds something that cannot be written; the message names the path.</exception>
    public void WriteTree(object? tree) => Write(tree);

    void Write(object? value)
    {
        switch (value)
        {
            case null:
                output.WriteByte(LeadByte.Nil);
                break;
            case bool flag:
                output.WriteByte(flag ? LeadByte.True : LeadByte.False);
                break;
            case sbyte or short or int or long:
                Signed(Convert.ToInt64(value));
                break;
            case byte or ushort or uint or ulong:
                Unsigned(Convert.ToUInt64(value));
                break;
            case BigInteger or Int128 or UInt128:
                Wide(value);
                break;
            case double or float or Half:
                Float(value is Half half ? (double)half : Convert.ToDouble(value));
                break;
            case string text:
                Text(text);
                break;
            case byte[] bytes:
                Binary(bytes);
                break;
            case ReadOnlyMemory<byte> bytes:
                Binary(bytes.Span);
                break;
            case Complex number:
                ComplexNumber(number);
                break;
            case ArrayLeaf array:
                Leaf(array);
                break;
            case Tensor tensor:
                Leaf(TensorLeaf.Of(tensor));
                break;
            case ExtLeaf extension:
                ExtensionHeader(extension.Code, extension.Data.Length);
                output.Write(extension.Data.Span);
                break;
            default:
                Map(value);
                break;
        }
    }

    void Map(object value)
    {
        var children = Children(value);
        if (children.Any(child => child.Key == ChunkedArray.Marker))
            throw new ArgumentException($"The key '{ChunkedArray.Marker}' at {Path} is reserved for arrays written in chunks.");
        Entries(children);
    }

    List<KeyValuePair<string, object?>> Children(object value)
    {
        try
        {
            if (TreeNode.Children(value) is { } children)
                return children;
        }
        catch (ArgumentException collision)
        {
            throw new ArgumentException($"{collision.Message} At path {Path}", collision);
        }

        throw new ArgumentException(
            $"Can not serialize '{value.GetType()}' object at path {Path}; the values are null, bool, integers, floating-point "
            + "numbers, string, byte[], Complex, Tensor, ArrayLeaf, ExtLeaf, dictionaries, lists and tuples.");
    }

    void Entries(IReadOnlyCollection<KeyValuePair<string, object?>> entries)
    {
        if (path.Count >= MsgPackLimits.MaxDepth)
            throw new ArgumentException($"The tree is nested more than {MsgPackLimits.MaxDepth} levels deep, or cyclic.");

        Header((ulong)entries.Count, LeadByte.FixMap, 16, null, LeadByte.Map16, LeadByte.Map32);
        foreach (var (key, child) in entries)
        {
            Text(key);
            path.Add(key);
            Write(child);
            path.RemoveAt(path.Count - 1);
        }
    }

    void Leaf(ArrayLeaf array)
    {
        if (array.Bytes.Length > maxChunkBytes && array.ElementCount > 1)
            Entries(ChunkedArray.Split(array, maxChunkBytes));
        else
            WholeArray(array);
    }

    /// <summary>The extension value [dims, dtype name, bytes]; the small parts are packed first to know its length.</summary>
    void WholeArray(ArrayLeaf array)
    {
        var head = new MemoryStream();
        var writer = new MsgPackWriter(head);
        writer.Header(3, LeadByte.FixArray, 16, null, LeadByte.Array16, LeadByte.Array32);
        writer.Header((ulong)array.Dims.Length, LeadByte.FixArray, 16, null, LeadByte.Array16, LeadByte.Array32);
        foreach (var dim in array.Dims)
            writer.Unsigned((ulong)dim);
        writer.Text(array.DTypeName);
        writer.Header((ulong)array.Bytes.Length, 0, 0, LeadByte.Bin8, LeadByte.Bin16, LeadByte.Bin32);

        ExtensionHeader(array.IsNumPyScalar ? ExtensionCode.NumPyScalar : ExtensionCode.Array, head.Length + array.Bytes.Length);
        head.WriteTo(output);
        output.Write(array.Bytes.Span);
    }

    void ComplexNumber(Complex number)
    {
        const int PayloadLength = 1 + 2 * (1 + sizeof(double));
        ExtensionHeader(ExtensionCode.Complex, PayloadLength);
        Header(2, LeadByte.FixArray, 16, null, LeadByte.Array16, LeadByte.Array32);
        Float(number.Real);
        Float(number.Imaginary);
    }

    void ExtensionHeader(sbyte code, long length)
    {
        var fixedForm = length switch
        {
            1 => LeadByte.FixExt1,
            2 => LeadByte.FixExt2,
            4 => LeadByte.FixExt4,
            8 => LeadByte.FixExt8,
            16 => LeadByte.FixExt16,
            _ => (byte)0,
        };
        if (fixedForm != 0)
            output.WriteByte(fixedForm);
        else
            Header((ulong)length, 0, 0, LeadByte.Ext8, LeadByte.Ext16, LeadByte.Ext32);
        output.WriteByte((byte)code);
    }

    void Binary(ReadOnlySpan<byte> bytes)
    {
        Header((ulong)bytes.Length, 0, 0, LeadByte.Bin8, LeadByte.Bin16, LeadByte.Bin32);
        output.Write(bytes);
    }

    void Text(string text)
    {
        byte[] bytes;
        try
        {
            bytes = StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException($"The text at path {Path} is not valid Unicode.", exception);
        }

        Header((ulong)bytes.Length, LeadByte.FixStr, 32, LeadByte.Str8, LeadByte.Str16, LeadByte.Str32);
        output.Write(bytes);
    }

    void Float(double value) => Number(LeadByte.Float64, BitConverter.DoubleToUInt64Bits(value), sizeof(double));

    void Wide(object value)
    {
        var number = value switch { Int128 i => i, UInt128 u => u, _ => (BigInteger)value };
        if (number < long.MinValue || number > ulong.MaxValue)
            throw new ArgumentException($"Integer value out of range at path {Path}: {number} does not fit 64 bits.");
        if (number.Sign < 0)
            Signed((long)number);
        else
            Unsigned((ulong)number);
    }

    void Signed(long value)
    {
        if (value >= 0)
            Unsigned((ulong)value);
        else if (value >= -32)
            output.WriteByte((byte)value);
        else if (value >= sbyte.MinValue)
            Number(LeadByte.Int8, (ulong)value, 1);
        else if (value >= short.MinValue)
            Number(LeadByte.Int16, (ulong)value, 2);
        else if (value >= int.MinValue)
            Number(LeadByte.Int32, (ulong)value, 4);
        else
            Number(LeadByte.Int64, (ulong)value, 8);
    }

    void Unsigned(ulong value)
    {
        if (value < 128)
            output.WriteByte((byte)value);
        else if (value <= byte.MaxValue)
            Number(LeadByte.UInt8, value, 1);
        else if (value <= ushort.MaxValue)
            Number(LeadByte.UInt16, value, 2);
        else if (value <= uint.MaxValue)
            Number(LeadByte.UInt32, value, 4);
        else
            Number(LeadByte.UInt64, value, 8);
    }

    /// <summary>A length in the shortest form: inside the first byte, or behind one of the given first bytes.</summary>
    /// <param name="length">Items or bytes that follow.</param>
    /// <param name="fixForm">First byte of length zero; the length is added to it.</param>
    /// <param name="fixLimit">Lengths below this fit the first byte.</param>
    /// <param name="form8">First byte of an 8-bit length, where there is such a form.</param>
    /// <param name="form16">First byte of a 16-bit length.</param>
    /// <param name="form32">First byte of a 32-bit length.</param>
    void Header(ulong length, byte fixForm, ulong fixLimit, byte? form8, byte form16, byte form32)
    {
        if (length < fixLimit)
            output.WriteByte((byte)(fixForm + length));
        else if (length <= byte.MaxValue && form8 is { } first)
            Number(first, length, 1);
        else if (length <= ushort.MaxValue)
            Number(form16, length, 2);
        else if (length <= uint.MaxValue)
            Number(form32, length, 4);
        else
            throw new ArgumentException($"The value at path {Path} has {length} items, more than the format can express.");
    }

    /// <summary>A first byte and the low bytes of a number, most significant first.</summary>
    void Number(byte first, ulong value, int size)
    {
        Span<byte> bytes = stackalloc byte[1 + sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], value);
        var start = sizeof(ulong) - size;
        bytes[start] = first;
        output.Write(bytes[start..]);
    }

    string Path => path.Count == 0 ? "." : "./" + string.Join('/', path);
}
