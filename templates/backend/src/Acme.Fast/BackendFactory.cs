using BrainState.Backends;

namespace Acme.Fast;

/// <summary>What applications find. Option: <c>VirtualDevices</c>, the number of devices to offer (default 1).</summary>
[BackendExport("acme", Description = "Kernels in C#.")]
public sealed class BackendFactory : IBackendFactory
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
            return Availability.No(invalid.Message, "Correct the option in the configuration section BrainState:Backends:acme.");
        }
    }

    /// <inheritdoc/>
    public IBackend Create(BackendSettings settings) => new Backend(DeviceCount(settings));

    private static int DeviceCount(BackendSettings settings) => settings.GetInt32("VirtualDevices", 1, 1);
}
