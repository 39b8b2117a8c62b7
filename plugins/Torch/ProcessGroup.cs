using BrainState.Backends;

namespace BrainState.Torch;

/// <summary>The processes that this one works with, by libtorch's c10d.</summary>
/// <param name="Rank">The position of this process.</param>
/// <param name="Size">How many they are.</param>
/// <param name="Meeting">Where they meet: a file that all reach, or <c>tcp://HOST:PORT</c>, where rank 0 listens.</param>
/// <param name="TimeoutSeconds">How long to wait for the others.</param>
internal sealed record ProcessGroup(int Rank, int Size, string Meeting, int TimeoutSeconds) : IProcessGroup
{
    private const int DefaultTimeoutSeconds = 300;

    /// <summary>The group in <paramref name="settings"/>, or null if they name none.</summary>
    /// <exception cref="BackendException">Something is missing or out of range.</exception>
    public static ProcessGroup? Read(BackendSettings settings)
    {
        if (settings["Processes"] is null && settings["Rank"] is null && settings["Meeting"] is null) return null;
        if (settings["Processes"] is null || settings["Rank"] is null || settings["Meeting"] is not { Length: > 0 } meeting)
            throw new BackendException(
                "Processes that work together need three options: Processes, how many they are; Rank, from 0; and Meeting, a file that all reach or tcp://HOST:PORT.");
        var (rank, size) = (settings.GetInt32("Rank", 0, 0), settings.GetInt32("Processes", 1, 1));
        return rank < size
            ? new(rank, size, meeting, settings.GetInt32("TimeoutSeconds", DefaultTimeoutSeconds, 1))
            : throw new BackendException($"Option 'Rank' is {rank}, but the ranks of {size} processes end with {size - 1}.");
    }
}
