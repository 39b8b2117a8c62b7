namespace BrainState.TestPlugins;

/// <summary>A library with state of which every plugin should have its own.</summary>
public class Counter
{
    static int count;

    public static int Next() => Interlocked.Increment(ref count);
}
