namespace BrainState.Conformance.Generation;

/// <summary>Seeds for the parts of a suite.</summary>
internal static class Seeds
{
    /// <summary>A seed that depends on all of its parts, and on nothing else: the same on every machine.</summary>
    public static int Of(int seed, params ReadOnlySpan<string> parts)
    {
        // FNV-1a.
        var hash = 2166136261u ^ (uint)seed;
        foreach (var part in parts)
            foreach (var c in part)
                hash = (hash ^ c) * 16777619;
        return (int)(hash & int.MaxValue);
    }
}
