using BrainState.Backends;
using BrainState.Hosting;

namespace BrainState.UnitTests;

/// <summary>Backends for tests, found as any application finds them: the tests reference no plugin.</summary>
internal static class Backends
{
    static readonly Lazy<IBackend> LazyCpu = new(() => new BackendCatalog(new BrainStateOptions()).Create("cpu"));

    static readonly Lazy<BrainStateRuntime> LazyReference = new(() => BrainStateRuntime.Create(static b => b.UseBackend("reference")));

    /// <summary>The plugin <c>cpu</c>, started once for all tests.</summary>
    public static IBackend Cpu => LazyCpu.Value;

    /// <summary>The executable specification: <c>using (Backends.Reference.Enter())</c> checks what the frontend does apart from any engine.</summary>
    public static BrainStateRuntime Reference => LazyReference.Value;
}
