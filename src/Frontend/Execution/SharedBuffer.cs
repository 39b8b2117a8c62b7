using BrainState.Backends;

namespace BrainState.Execution;

/// <summary>A backend buffer with a reference count. Each <see cref="Tensor"/> over it holds one reference; the last release returns it to the backend at once.</summary>
internal sealed class SharedBuffer(IBuffer buffer, Engine engine)
{
    private int references = 1;

    public IBuffer Buffer => buffer;

    public Engine Engine => engine;

    /// <summary>
    /// Whether a running call may overwrite it, having found that besides the call only a State holds it. Guarded by <see cref="State.Commits"/>; whoever would read the State waits.
    /// </summary>
    public bool IsLent { get; set; }

    /// <summary>How many tensors (and running calls) hold the buffer.</summary>
    public int References => Volatile.Read(ref references);

    public SharedBuffer AddReference()
    {
        // Whoever holds a reference may take another; from zero there is no way back.
        return Interlocked.Increment(ref references) > 1 ? this : throw new ObjectDisposedException(nameof(Tensor), "A tensor was disposed while it was being used.");
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref references) == 0) Buffer.Dispose();
    }
}
