using BrainState.Backends;
using BrainState.Conformance;

namespace BrainState.UnitTests;

/// <summary>Backends for tests, found as any application finds them: the tests reference no plugin.</summary>
internal static class Backends
{
    static readonly Lazy<ConformanceTarget> LazyCpu = new(() => ConformanceTarget.Start("cpu"));

    /// <summary>The plugin <c>cpu</c>, started once for all tests.</summary>
    public static IBackend Cpu => OnCpu.Backend;

    /// <summary>The same, to run programs on.</summary>
    public static ConformanceTarget OnCpu => LazyCpu.Value;
}
