using BrainState.Backends;
using BrainState.BackendKit.Replication;

namespace BrainState.BackendKit.Execution;

/// <summary>What all steps of one run share, in bodies too.</summary>
/// <param name="Kernels">The backend.</param>
/// <param name="Device">Where it runs.</param>
/// <param name="Literals">The literals on the device.</param>
/// <param name="Replica">Its place among the others, if there are any.</param>
/// <param name="Options">Cancellation and effects.</param>
internal sealed record Run(IKernels Kernels, IDevice Device, Value[] Literals, Replica? Replica, ExecuteOptions Options)
{
    /// <summary>Throws if it was cancelled, or if another replica failed.</summary>
    public void ThrowIfStopped()
    {
        Options.Cancellation.ThrowIfCancellationRequested();
        Replica?.Meetings.ThrowIfStopped();
    }
}
