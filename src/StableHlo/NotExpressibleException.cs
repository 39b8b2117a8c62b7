namespace BrainState.StableHlo;

/// <summary>A well-formed module means something that no <see cref="Programs.Program"/> can say.</summary>
public sealed class NotExpressibleException : NotSupportedException
{
    internal NotExpressibleException(Location location, string reason)
        : base($"Line {location.Line}, column {location.Column}: programs cannot express {reason}.") => (Reason, Line, Column) = (reason, location.Line, location.Column);

    /// <summary>What cannot be expressed, without the place.</summary>
    public string Reason { get; }

    /// <summary>The line of the construct, from 1.</summary>
    public int Line { get; }

    /// <summary>The column of the construct, from 1.</summary>
    public int Column { get; }
}
