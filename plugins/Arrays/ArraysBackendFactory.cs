using BrainState.Backends;

namespace BrainState.Arrays;

/// <summary>What applications find. Option: <c>VirtualDevices</c>, the number of devices to offer (default 1).</summary>
[BackendExport("arrays", Description = "Strided arrays and simple loops: a complete backend in 500 lines, to read.")]
public sealed class ArraysBackendFactory : IBackendFactory
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
            return Availability.No(invalid.Message, "Correct the option in the configuration section BrainState:Backends:arrays.");
        }
    }

    /// <inheritdoc/>
    public IBackend Create(BackendSettings settings) => new ArraysBackend(DeviceCount(settings));

    private static int DeviceCount(BackendSettings settings) => settings.GetInt32("VirtualDevices", 1, 1);
}
