namespace BrainState.Backends;

/// <summary>An optional feature of a backend that plans memory when it compiles, see <see cref="IBackend.GetService"/>: what an execution needs.</summary>
public interface IMemoryStatistics
{
    /// <summary>The memory of one execution on one device by <paramref name="executable"/>, which this backend compiled.</summary>
    /// <exception cref="ArgumentException">Another backend compiled it.</exception>
    MemoryUse Of(IExecutable executable);
}

/// <summary>The memory of one execution, in bytes.</summary>
/// <param name="Arguments">What the arguments take.</param>
/// <param name="Results">What the results take.</param>
/// <param name="Temporaries">The most that intermediate values and scratch memory take at the same time, those of loops and branches included.</param>
/// <param name="Aliased">What of the results lies where arguments were that the execution gives up; nothing of those that it is told to keep.</param>
public readonly record struct MemoryUse(long Arguments, long Results, long Temporaries, long Aliased = 0);
