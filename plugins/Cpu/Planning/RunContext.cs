using BrainState.Backends;
using BrainState.Cpu.Replication;

namespace BrainState.Cpu.Planning;

/// <summary>What a run has to do with its caller and with other replicas, shared by a frame and the frames nested in it.</summary>
internal sealed class RunContext
{
    private CancellationToken cancellation;

    /// <summary>Who hears of effects.</summary>
    public EffectHandler? Effects { get; private set; }

    /// <summary>The run's place among those of other devices; null if it is by itself.</summary>
    public Replica? Replica { get; private set; }

    /// <summary>Begins a run.</summary>
    public void Enter(in ExecuteOptions options, Replica? replica) => (cancellation, Effects, Replica) = (options.Cancellation, options.Effects, replica);

    /// <summary>Ends it; nothing of the caller is kept alive.</summary>
    public void Leave() => (cancellation, Effects, Replica) = (default, null, null);

    /// <summary>Throws if the run was cancelled or another replica failed; loops ask between their steps.</summary>
    public void ThrowIfStopped()
    {
        cancellation.ThrowIfCancellationRequested();
        Replica?.Meetings.ThrowIfStopped();
    }
}
