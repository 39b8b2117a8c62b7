namespace BrainState.Serialization;

/// <summary>
/// The checkpoint format of flax and braintools: one MessagePack object, with extension types for arrays and complex numbers,
/// byte for byte as the Python packages write it.
/// </summary>
/// <remarks>
/// Trees are made of: null, <see cref="bool"/>, integers, <see cref="double"/>, <see cref="string"/>, <see cref="byte"/>[],
/// <see cref="System.Numerics.Complex"/>, <see cref="ArrayLeaf"/>, <see cref="ExtLeaf"/>, dictionaries, and lists or tuples, which
/// become maps with the keys "0", "1", …, as in flax; a <see cref="Tensor"/> is written as an array. Integers come back as
/// <see cref="long"/>, or <see cref="ulong"/> beyond its range, and maps as <see cref="OrderedDictionary{TKey, TValue}"/> from string to
/// object in the order of the file.
/// </remarks>
public static class MsgPack
{
    /// <summary>Packs a tree into memory.</summary>
    /// <param name="tree">The tree; see the remarks of <see cref="MsgPack"/>.</param>
    /// <exception cref="ArgumentException">
    /// A value that cannot be written, dictionary keys that are equal as text, or a tree nested too deeply; the message names the
    /// path.
    /// </exception>
    public static byte[] Pack(object? tree)
    {
        var stream = new MemoryStream();
        Pack(tree, stream);
        return stream.ToArray();
    }

    /// <summary>Packs a tree to a stream; arrays are not copied, so a checkpoint may be larger than an array of bytes.</summary>
    /// <param name="tree">The tree; see the remarks of <see cref="MsgPack"/>.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <exception cref="ArgumentException">As for <see cref="Pack(object?)"/>; part of the bytes may be written then.</exception>
    public static void Pack(object? tree, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        new MsgPackWriter(destination).WriteTree(tree);
    }

    /// <summary>Unpacks a tree.</summary>
    /// <param name="data">The whole checkpoint; leaves share its memory, so it must not be changed while they are in use.</param>
    /// <exception cref="CheckpointException">The data is no checkpoint, incomplete, or followed by other data.</exception>
    public static object? Unpack(ReadOnlyMemory<byte> data) => new MsgPackReader(new MemorySource(data)).ReadDocument();

    /// <summary>Unpacks a tree from a stream, whose rest it must be; a checkpoint may be larger than an array of bytes.</summary>
    /// <param name="source">A stream that knows its length.</param>
    /// <exception cref="CheckpointException">The data is no checkpoint, incomplete, or followed by other data.</exception>
    public static object? Unpack(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new MsgPackReader(new StreamSource(source)).ReadDocument();
    }
}
