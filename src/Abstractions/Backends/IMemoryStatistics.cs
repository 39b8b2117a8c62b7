namespace BrainState.Backends;

/// <summary>An optional feature of a backend that manages memory itself, see <see cref="IBackend.GetService"/>: what an execution needs, and what a device holds.</summary>
public interface IMemoryStatistics
{
    /// <summary>The memory of one execution on one device by <paramref name="executable"/>, which this backend compiled.</summary>
    /// <exception cref="ArgumentException">Another backend compiled it.</exception>
    MemoryUse Of(IExecutable executable);

    /// <summary>What of a device's memory this process uses now.</summary>
    /// <exception cref="ArgumentException">It is no device of this backend.</exception>
    DeviceMemory Of(IDevice device);
}

/// <summary>The memory of one execution, in bytes.</summary>
/// <param name="Arguments">What the arguments take.</param>
/// <param name="Results">What the results take.</param>
/// <param name="Temporaries">The most that intermediate values and scratch memory take at the same time, those of loops and branches included.</param>
/// <param name="Aliased">What of the results lies where arguments were that the execution gives up; nothing of those that it is told to keep.</param>
public readonly record struct MemoryUse(long Arguments, long Results, long Temporaries, long Aliased = 0);

/// <summary>The memory of a device that a process uses, in bytes.</summary>
/// <param name="InUse">What buffers take, and intermediate values of programs that are ready to run again; memory of the host that a buffer only borrows is not counted.</param>
/// <param name="Reserved">That, and what the backend itself keeps to be used again; not what a library below it keeps, as libtorch's allocator does on cuda.</param>
public readonly record struct DeviceMemory(long InUse, long Reserved);
