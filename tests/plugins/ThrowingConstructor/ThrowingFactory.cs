using BrainState.Backends;

namespace BrainState.TestPlugins;

[BackendExport("throwing", Description = "Its factory cannot be constructed")]
public sealed class ThrowingFactory : IBackendFactory
{
    public ThrowingFactory() => throw new InvalidOperationException("no licence");

    public Availability Probe(BackendSettings settings) => Availability.Yes;

    public IBackend Create(BackendSettings settings) => throw new NotSupportedException();
}
