namespace BrainState.StableHlo;

/// <summary>A text is not a well-formed, well-typed StableHLO module.</summary>
public sealed class StableHloFormatException : FormatException
{
    internal StableHloFormatException(Location location, string message, Exception? cause = null)
        : base($"Line {location.Line}, column {location.Column}: {message}.", cause) => (Line, Column) = (location.Line, location.Column);

    /// <summary>The line of the first offending character, from 1.</summary>
    public int Line { get; }

    /// <summary>The column of the first offending character, from 1.</summary>
    public int Column { get; }
}
