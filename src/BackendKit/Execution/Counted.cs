namespace BrainState.BackendKit.Execution;

/// <summary>Something with several owners, of whom the last frees it.</summary>
internal abstract class Counted
{
    private int owners = 1;

    /// <summary>Adds an owner; false if it is freed already.</summary>
    public bool TryAddOwner()
    {
        int count;
        do
        {
            count = Volatile.Read(ref owners);
            if (count == 0) return false;
        }
        while (Interlocked.CompareExchange(ref owners, count + 1, count) != count);
        return true;
    }

    /// <summary>One owner lets it go.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref owners) == 0) Free();
    }

    /// <summary>Called once, when there is no owner any more.</summary>
    protected abstract void Free();
}
