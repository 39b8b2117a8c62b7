using System.Collections.Immutable;
using System.Numerics;
using System.Text;

namespace BrainState.Serialization;

/// <summary>
/// Reads MessagePack into trees. Nothing is believed: lengths are checked against the bytes that are left before anything is
/// allocated, and containers grow only as their items arrive, so memory use stays proportional to the input.
/// </summary>
/// <param name="input">The whole document, or the payload of an extension value; leaves share its memory if it is in memory.</param>
/// <param name="isPayload">Whether the input is a payload, which holds no further extension values.</param>
sealed class MsgPackReader(ByteSource input, bool isPayload = false)
{
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads one tree, which must be all there is.</summary>
    /// <exception cref="CheckpointException">The data is malformed, incomplete, or followed by other data.</exception>
    public object? ReadDocument()
    {
        var tree = Read(depth: 0);
        RequireEnd();
        return tree;
    }

    object? Read(int depth)
    {
        var first = Byte();
        return first switch
        {
            < LeadByte.FixMap => (long)first,
            < LeadByte.FixArray => Map((uint)first & 0x0F, depth),
            < LeadByte.FixStr => List((uint)first & 0x0F, depth),
            < LeadByte.Nil => Text((uint)first & 0x1F),
            LeadByte.Nil => null,
            LeadByte.False => false,
            LeadByte.True => true,
            LeadByte.Bin8 => Bytes((uint)Number(1)).ToArray(),
            LeadByte.Bin16 => Bytes((uint)Number(2)).ToArray(),
            LeadByte.Bin32 => Bytes((uint)Number(4)).ToArray(),
            LeadByte.Ext8 => Extension((uint)Number(1)),
            LeadByte.Ext16 => Extension((uint)Number(2)),
            LeadByte.Ext32 => Extension((uint)Number(4)),
            LeadByte.Float32 => (double)BitConverter.UInt32BitsToSingle((uint)Number(4)),
            LeadByte.Float64 => BitConverter.UInt64BitsToDouble(Number(8)),
            LeadByte.UInt8 => (long)Number(1),
            LeadByte.UInt16 => (long)Number(2),
            LeadByte.UInt32 => (long)Number(4),
            LeadByte.UInt64 => Number(8) is var number && number <= long.MaxValue ? (long)number : (object)number,
            LeadByte.Int8 => (long)(sbyte)Number(1),
            LeadByte.Int16 => (long)(short)Number(2),
            LeadByte.Int32 => (long)(int)Number(4),
            LeadByte.Int64 => (long)Number(8),
            LeadByte.FixExt1 => Extension(1),
            LeadByte.FixExt2 => Extension(2),
            LeadByte.FixExt4 => Extension(4),
            LeadByte.FixExt8 => Extension(8),
            LeadByte.FixExt16 => Extension(16),
            LeadByte.Str8 => Text((uint)Number(1)),
            LeadByte.Str16 => Text((uint)Number(2)),
            LeadByte.Str32 => Text((uint)Number(4)),
            LeadByte.Array16 => List((uint)Number(2), depth),
            LeadByte.Array32 => List((uint)Number(4), depth),
            LeadByte.Map16 => Map((uint)Number(2), depth),
            LeadByte.Map32 => Map((uint)Number(4), depth),
            >= LeadByte.NegativeFixInt => (long)(sbyte)first,
            LeadByte.Reserved => throw CheckpointException.Corrupt($"the byte 0xc1 at offset {input.Position - 1} starts no value"),
        };
    }

    /// <summary>A map; one with the chunk marker is the array it stands for. Of equal keys the last wins, as in Python.</summary>
    object Map(uint count, int depth)
    {
        Enter(depth, count, bytesPerItem: 2);
        var map = new OrderedDictionary<string, object?>();
        for (uint i = 0; i < count; i++)
        {
            var offset = input.Position;
            if (Read(depth + 1) is not string key)
                throw CheckpointException.Corrupt($"the map key at offset {offset} is no text");
            map[key] = Read(depth + 1);
        }

        return map.ContainsKey(ChunkedArray.Marker) ? ChunkedArray.Join(map) : map;
    }

    object?[] List(uint count, int depth)
    {
        Enter(depth, count, bytesPerItem: 1);
        var items = new List<object?>();
        for (uint i = 0; i < count; i++)
            items.Add(Read(depth + 1));
        return [.. items];
    }

    void Enter(int depth, uint count, int bytesPerItem)
    {
        if (depth >= MsgPackLimits.MaxDepth)
            throw CheckpointException.Corrupt($"values are nested more than {MsgPackLimits.MaxDepth} levels deep");
        if ((long)count * bytesPerItem > input.Remaining)
            throw CheckpointException.Incomplete();
    }

    object Extension(uint length)
    {
        if (isPayload)
            throw CheckpointException.Corrupt("an extension value holds another one");
        var code = (sbyte)Byte();
        var payload = Bytes(length);
        return code switch
        {
            ExtensionCode.Array => new MsgPackReader(new MemorySource(payload), isPayload: true).ReadArray(isNumPyScalar: false),
            ExtensionCode.NumPyScalar => new MsgPackReader(new MemorySource(payload), isPayload: true).ReadArray(isNumPyScalar: true),
            ExtensionCode.Complex => new MsgPackReader(new MemorySource(payload), isPayload: true).ReadComplex(),
            _ => new ExtLeaf(code, payload),
        };
    }

    /// <summary>The payload of an array: the list [dims, dtype name, bytes].</summary>
    ArrayLeaf ReadArray(bool isNumPyScalar)
    {
        RequireList(3, "an array");
        var dims = Dimensions();
        var name = Read(depth: 0) switch
        {
            string text => text,
            byte[] text => Decode(text),
            _ => "",
        };
        var bytes = Slice();
        RequireEnd();

        if (name.Length == 0)
            throw CheckpointException.Corrupt("an array has no name of its element type");
        if (ArrayLeaf.Problem(name, dims, bytes.Length, isNumPyScalar) is { } problem)
            throw CheckpointException.Corrupt(problem.TrimEnd('.'));
        return new ArrayLeaf(name, dims, bytes, isNumPyScalar);
    }

    ImmutableArray<long> Dimensions()
    {
        if (Read(depth: 0) is not object?[] items)
            throw CheckpointException.Corrupt("an array has no list of dimensions");
        if (!Array.TrueForAll(items, item => item is long))
            throw CheckpointException.Corrupt("a dimension of an array is no integer");
        return [.. items.Cast<long>()];
    }

    /// <summary>The payload of a complex number: the list [real, imaginary].</summary>
    object ReadComplex()
    {
        RequireList(2, "a complex number");
        var number = new Complex(Part(), Part());
        RequireEnd();
        return number;

        double Part() => Read(depth: 0) switch
        {
            double value => value,
            long value => value,
            ulong value => value,
            _ => throw CheckpointException.Corrupt("a part of a complex number is no number"),
        };
    }

    void RequireList(int count, string what)
    {
        if (Byte() != LeadByte.FixArray + count)
            throw CheckpointException.Corrupt($"{what} is no list of {count} parts");
    }

    void RequireEnd()
    {
        if (input.Remaining > 0)
            throw CheckpointException.Corrupt("unpack(b) received extra data");
    }

    /// <summary>A binary value as a slice of the input.</summary>
    ReadOnlyMemory<byte> Slice() => Byte() switch
    {
        LeadByte.Bin8 => Bytes((uint)Number(1)),
        LeadByte.Bin16 => Bytes((uint)Number(2)),
        LeadByte.Bin32 => Bytes((uint)Number(4)),
        _ => throw CheckpointException.Corrupt("an array has no bytes"),
    };

    string Text(uint length) => Decode(Bytes(length).Span);

    static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw CheckpointException.Corrupt("a text is not valid UTF-8", exception);
        }
    }

    /// <summary>A big-endian number of 1 to 8 bytes.</summary>
    ulong Number(int size)
    {
        var bytes = Bytes((uint)size).Span;
        ulong number = 0;
        foreach (var b in bytes)
            number = number << 8 | b;
        return number;
    }

    byte Byte() => Bytes(1).Span[0];

    ReadOnlyMemory<byte> Bytes(uint length) => input.Take(length);
}
