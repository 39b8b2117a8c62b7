namespace BrainState.Conformance;

/// <summary>States on the path of the backend: commits, shapes, branches, loops, lanes, generators, donation, threads.</summary>
internal static class StateSuite
{
    /// <summary>The suite.</summary>
    public static ConformanceSuite Suite { get; } = new("states", "steps commit all writes or none; States in branches, loops and lanes; donation; threads", static _ =>
        [.. StateSemantics.Cases, .. ControlFlowSemantics.Cases, .. LaneSemantics.Cases]);
}
