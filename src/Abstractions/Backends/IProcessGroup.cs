namespace BrainState.Backends;

/// <summary>
/// An optional feature of a backend, see <see cref="IBackend.GetService"/>: this process is one of several that run the same programs, each on devices of its
/// own. The participants of a program's axis are then the devices of all processes, those of rank 0 first.
/// </summary>
/// <remarks>All processes must run the same programs with collectives in the same order; one that does not keeps the others waiting until the backend gives up.</remarks>
public interface IProcessGroup
{
    /// <summary>The position of this process, from 0.</summary>
    int Rank { get; }

    /// <summary>The number of processes; at least one.</summary>
    int Size { get; }
}
