using BrainState.Cpu.Replication;

namespace BrainState.Cpu.Planning;

/// <summary>What a frame and the frames nested in it know of the run in progress.</summary>
internal sealed class RunContext
{
    /// <summary>The cancellation of the run.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>The run's place among those of other devices; null if it is by itself.</summary>
    public Replica? Replica { get; set; }

    /// <summary>Throws if the run was cancelled or another replica failed; loops ask between their steps.</summary>
    public void ThrowIfStopped()
    {
        Cancellation.ThrowIfCancellationRequested();
        Replica?.Meetings.ThrowIfStopped();
    }
}
