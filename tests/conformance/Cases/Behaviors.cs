namespace BrainState.Conformance;

/// <summary>Cases that are code.</summary>
internal static class Behaviors
{
    /// <summary>A case whose subject is the second part of its name.</summary>
    public static BehaviorCase Case(string name, Action<ConformanceTarget> check, bool isQuick = true, int devices = 1) =>
        new(name, check) { Subject = name.Split('/')[1], IsQuick = isQuick, Devices = devices };

    /// <inheritdoc cref="Case(string, Action{ConformanceTarget}, bool, int)"/>
    public static BehaviorCase Case(string name, Func<ConformanceTarget, Deviation> check, bool isQuick = true) =>
        new(name, check) { Subject = name.Split('/')[1], IsQuick = isQuick };
}
