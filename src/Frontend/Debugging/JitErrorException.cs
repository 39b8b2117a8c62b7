namespace BrainState;

/// <summary>A condition given to <see cref="Transforms.JitErrorIf"/> was true. The call that failed changed no State.</summary>
public sealed class JitErrorException : Exception
{
    internal JitErrorException(string message) : base(message) { }
}
