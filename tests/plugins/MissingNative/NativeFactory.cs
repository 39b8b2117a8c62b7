using System.Runtime.InteropServices;
using BrainState.Backends;

namespace BrainState.TestPlugins;

[BackendExport("native", Description = "Notices too late that its library is absent")]
public sealed class NativeFactory : IBackendFactory
{
    public Availability Probe(BackendSettings settings) => Availability.Yes;

    public IBackend Create(BackendSettings settings) => throw new InvalidOperationException($"version {Version()}");

    [DllImport("brainstate_absent", EntryPoint = "version")]
    static extern int Version();
}
