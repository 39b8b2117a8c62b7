namespace BrainState.StableHlo;

/// <summary>A place in a text; line and column count from 1.</summary>
internal readonly record struct Location(int Line, int Column);
