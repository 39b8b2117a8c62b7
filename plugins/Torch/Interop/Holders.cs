namespace BrainState.Torch.Interop;

/// <summary>
/// Who still needs something native: its owner until he disposes it, and everyone who uses it meanwhile. Whoever leaves last frees it. A field of its owner; not to be copied.
/// </summary>
internal struct Holders()
{
    private int count = 1;
    private int disposed;

    /// <summary>Joins, until <see cref="LetGo"/>; false if the owner has disposed it.</summary>
    public bool TryHold()
    {
        if (Volatile.Read(ref disposed) != 0) return false;
        int seen;
        do
        {
            seen = Volatile.Read(ref count);
            if (seen == 0) return false;
        }
        while (Interlocked.CompareExchange(ref count, seen + 1, seen) != seen);
        return true;
    }

    /// <summary>Leaves; whether that was the last one, who frees it.</summary>
    public bool LetGo() => Interlocked.Decrement(ref count) == 0;

    /// <summary>The owner leaves, the first time it is called; whether that was the last one, who frees it.</summary>
    public bool Dispose() => Interlocked.Exchange(ref disposed, 1) == 0 && LetGo();
}
