namespace BrainState.Serialization;

/// <summary>Reads and writes checkpoint files; a file is replaced as a whole or not at all.</summary>
static class CheckpointFile
{
    const int BufferSize = 1 << 16;

    /// <summary>
    /// Writes a file through a temporary one beside it, <c>{path}.tmp-{guid}</c>, which is flushed to the disk and then renamed.
    /// Missing folders are created. Whatever fails, an existing file stays as it was and the temporary one is removed.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the contents.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="CheckpointException">The file exists and <paramref name="overwrite"/> is off.</exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        if (!overwrite && File.Exists(path))
            throw Exists(path);

        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);

        var temporary = $"{path}.tmp-{Guid.NewGuid():N}";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            Move(temporary, path, overwrite);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxSize">Most bytes to accept.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointException">The file is larger than allowed.</exception>
    public static FileStream Open(string path, long? maxSize = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"Checkpoint not found: {path}", path);

        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize);
        if (stream.Length <= (maxSize ?? long.MaxValue))
            return stream;
        using (stream)
            throw new CheckpointException($"Checkpoint data too large: {stream.Length} bytes exceeds maximum {maxSize} bytes");
    }

    static void Move(string temporary, string path, bool overwrite)
    {
        try
        {
            File.Move(temporary, path, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            throw Exists(path);
        }
    }

    static CheckpointException Exists(string path) =>
        new($"Invalid checkpoint at \"{path}\": the file exists and overwriting is off.");
}
