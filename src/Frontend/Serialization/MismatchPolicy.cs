namespace BrainState;

/// <summary>
/// What <see cref="Checkpoints.MsgpackLoad{T}"/> does where a file does not fit its target: keys or list items that the file lacks, another
/// list length, an array of another shape, or a value of another kind.
/// </summary>
/// <remarks>Keys that only the file has, and other dtypes, are never a mismatch.</remarks>
public enum MismatchPolicy
{
    /// <summary>One exception that names every mismatch; nothing is changed.</summary>
    Error,

    /// <summary>
    /// A warning each. The target keeps its value where the file has none, or one it cannot hold; of another shape, it takes the file's array.
    /// </summary>
    Warn,

    /// <summary>As <see cref="Warn"/>, in silence.</summary>
    Ignore,
}
