using BrainState.Backends;

namespace BrainState.Cpu;

/// <summary>
/// Makes the pure .NET backend. Options: <c>Threads</c>, the number of threads of one execution (default: all processors), and
/// <c>VirtualDevices</c>, the number of devices to offer, which share the processor (default 1).
/// </summary>
[BackendExport("cpu", Description = "Pure .NET: vectorised, fused and multi-threaded; runs on every platform without native files.")]
public sealed class CpuBackendFactory : IBackendFactory
{
    /// <inheritdoc/>
    public Availability Probe(BackendSettings settings)
    {
        try
        {
            _ = CpuOptions.Read(settings);
            return Availability.Yes;
        }
        catch (BackendException invalid)
        {
            return Availability.No(invalid.Message, "Correct the option in the configuration section BrainState:Backends:cpu.");
        }
    }

    /// <inheritdoc/>
    public IBackend Create(BackendSettings settings) => new CpuBackend(CpuOptions.Read(settings));
}
