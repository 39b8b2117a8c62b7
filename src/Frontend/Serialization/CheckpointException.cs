namespace BrainState.Serialization;

/// <summary>
/// A checkpoint cannot be read or written: its data is corrupt or too large, it does not fit what it is loaded into, or its file may not be
/// replaced.
/// </summary>
public sealed class CheckpointException : Exception
{
    /// <summary>An error with its message.</summary>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its message and what caused it.</summary>
    public CheckpointException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Data that is not a checkpoint; <paramref name="detail"/> says what is wrong with it.</summary>
    internal static CheckpointException Corrupt(string detail, Exception? cause = null) =>
        new($"Corrupt or invalid checkpoint data: {detail}.", cause);

    /// <summary>Data that ends in the middle of a value.</summary>
    internal static CheckpointException Incomplete() => Corrupt("Unpack failed: incomplete input");
}
