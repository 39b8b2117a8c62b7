using BrainState.BackendKit.Execution;

namespace BrainState.BackendKit.Planning;

/// <summary>Where a step takes an operand from.</summary>
internal readonly record struct Source(SourceKind Kind, int Index)
{
    /// <summary>The operand, owned by who takes it.</summary>
    public Value Take(Value?[] values, Value[] literals)
    {
        if (Kind == SourceKind.Literal) return literals[Index].Share();
        var value = values[Index]!;
        if (Kind == SourceKind.Shared) return value.Share();
        values[Index] = null;
        return value;
    }
}

internal enum SourceKind : byte
{
    /// <summary>A value that is read again later.</summary>
    Shared,
    /// <summary>A value that nobody reads any more.</summary>
    Last,
    /// <summary>A literal of the executable.</summary>
    Literal,
}
