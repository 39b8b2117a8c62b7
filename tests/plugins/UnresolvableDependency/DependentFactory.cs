using BrainState.Backends;

namespace BrainState.TestPlugins;

[BackendExport("dependent")]
public sealed class DependentFactory : Counter, IBackendFactory
{
    public Availability Probe(BackendSettings settings) => Availability.Yes;

    public IBackend Create(BackendSettings settings) => throw new NotSupportedException();
}
