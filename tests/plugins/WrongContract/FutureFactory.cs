using BrainState.Backends;

namespace BrainState.TestPlugins;

[BackendExport("future", contractMajor: 99)]
public sealed class FutureFactory : IBackendFactory
{
    public Availability Probe(BackendSettings settings) => throw new NotSupportedException("must not be asked");

    public IBackend Create(BackendSettings settings) => throw new NotSupportedException("must not be asked");
}
