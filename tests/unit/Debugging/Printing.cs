using BrainState.Hosting;

namespace BrainState.UnitTests.Debugging;

/// <summary>What functions print, each in a runtime of its own.</summary>
internal static class Printing
{
    /// <summary>The lines that an action prints, joined by spaces.</summary>
    public static string Of(Action action)
    {
        using var runtime = BrainStateRuntime.Create(static b => b.UseBackend("cpu"));
        return In(runtime, action);
    }

    /// <summary>The lines that an action prints in a runtime, joined by spaces.</summary>
    public static string In(BrainStateRuntime runtime, Action action)
    {
        using var scope = runtime.Enter();
        var text = new StringWriter();
        BrainState.Debug.Out = text;
        action();
        return string.Join(' ', text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
