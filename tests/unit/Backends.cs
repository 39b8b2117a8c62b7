using BrainState.Backends;
using BrainState.Conformance;
using BrainState.Hosting;

namespace BrainState.UnitTests;

/// <summary>Backends for tests, found as any application finds them: the tests reference no plugin.</summary>
internal static class Backends
{
    static readonly Lazy<ConformanceTarget> LazyCpu = new(() => ConformanceTarget.Start("cpu"));

    static readonly Lazy<ConformanceTarget> LazyReference = new(() => ConformanceTarget.Start("reference"));

    /// <summary>The plugin <c>cpu</c>, started once for all tests.</summary>
    public static IBackend Cpu => OnCpu.Backend;

    /// <summary>The same, to run programs on.</summary>
    public static ConformanceTarget OnCpu => LazyCpu.Value;

    /// <summary>The executable specification: <c>using (Backends.Reference.Enter())</c> checks what the frontend does apart from any engine.</summary>
    public static BrainStateRuntime Reference => OnReference.Runtime;

    /// <summary>The same, to run programs on.</summary>
    public static ConformanceTarget OnReference => LazyReference.Value;
}
