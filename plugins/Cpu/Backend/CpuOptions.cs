using BrainState.Backends;

namespace BrainState.Cpu;

/// <summary>The options of the backend.</summary>
/// <param name="Threads">The number of threads of one execution, the caller's included.</param>
/// <param name="VirtualDevices">The number of devices.</param>
internal sealed record CpuOptions(int Threads, int VirtualDevices)
{
    /// <summary>The options in <paramref name="settings"/>.</summary>
    /// <exception cref="BackendException">One of them is invalid.</exception>
    public static CpuOptions Read(BackendSettings settings) =>
        new(settings.GetInt32("Threads", Environment.ProcessorCount, 1), settings.GetInt32("VirtualDevices", 1, 1));
}
