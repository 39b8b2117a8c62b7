using System.Composition;
using BrainState.Backends;

namespace BrainState.TestPlugins;

[Export(typeof(IBackendFactory))]
public sealed class NamelessFactory : IBackendFactory
{
    public Availability Probe(BackendSettings settings) => Availability.Yes;

    public IBackend Create(BackendSettings settings) => throw new NotSupportedException();
}
