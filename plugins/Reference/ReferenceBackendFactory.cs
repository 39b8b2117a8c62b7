using BrainState.Backends;

namespace BrainState.Reference;

/// <summary>Makes the executable specification a backend. Option: <c>VirtualDevices</c>, the number of devices to offer (default 1).</summary>
[BackendExport("reference", Description = "The executable specification: slow and exact, to compare others with.")]
public sealed class ReferenceBackendFactory : IBackendFactory
{
    /// <inheritdoc/>
    public Availability Probe(BackendSettings settings)
    {
        try
        {
            _ = DeviceCount(settings);
            return Availability.Yes;
        }
        catch (BackendException invalid)
        {
            return Availability.No(invalid.Message, "Correct the option in the configuration section BrainState:Backends:reference.");
        }
    }

    /// <inheritdoc/>
    public IBackend Create(BackendSettings settings) => new ReferenceBackend(DeviceCount(settings));

    private static int DeviceCount(BackendSettings settings) => settings.GetInt32("VirtualDevices", 1, 1);
}
