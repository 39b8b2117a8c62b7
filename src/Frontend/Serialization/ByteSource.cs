namespace BrainState.Serialization;

/// <summary>The bytes of a checkpoint, read once from the first to the last.</summary>
/// <param name="length">How many there are.</param>
abstract class ByteSource(long length)
{
    /// <summary>How many bytes were read.</summary>
    public long Position { get; private set; }

    /// <summary>How many bytes are left.</summary>
    public long Remaining => length - Position;

    /// <summary>The next bytes. Nothing is allocated for bytes that are not there.</summary>
    /// <exception cref="CheckpointException">There are not so many left.</exception>
    public ReadOnlyMemory<byte> Take(uint count)
    {
        if (count > Remaining)
            throw CheckpointException.Incomplete();
        if (count > Array.MaxLength)
            throw CheckpointException.Corrupt($"a value of {count} bytes exceeds what one array can hold");
        var bytes = Read((int)count);
        Position += count;
        return bytes;
    }

    protected abstract ReadOnlyMemory<byte> Read(int count);
}

/// <summary>Bytes in memory; what is taken shares it.</summary>
sealed class MemorySource(ReadOnlyMemory<byte> memory) : ByteSource(memory.Length)
{
    protected override ReadOnlyMemory<byte> Read(int count) => memory.Slice((int)Position, count);
}

/// <summary>Bytes of a stream from its present position to its end; what is taken is memory of its own, so that all of it may exceed an array.</summary>
sealed class StreamSource(Stream stream) : ByteSource(stream.Length - stream.Position)
{
    protected override ReadOnlyMemory<byte> Read(int count)
    {
        var bytes = new byte[count];
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException)
        {
            throw CheckpointException.Incomplete();
        }

        return bytes;
    }
}
