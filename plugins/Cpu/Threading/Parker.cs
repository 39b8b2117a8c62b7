namespace BrainState.Cpu.Threading;

/// <summary>Puts its owner thread to sleep until another thread wakes it; waking costs nothing while the owner is awake.</summary>
/// <remarks>
/// The owner announces itself, looks once more whether there is something to do, and only then sleeps or retracts. Whoever makes
/// something to do publishes it with a full fence and then calls <see cref="Wake"/>. So one of the two sees the other. A sleep may end
/// without cause; the owner looks again in any case.
/// </remarks>
internal sealed class Parker : IDisposable
{
    private readonly AutoResetEvent awake = new(false);
    private int announced;

    /// <summary>Announces that the owner is about to sleep.</summary>
    public void Announce() => Interlocked.Exchange(ref announced, 1);

    /// <summary>Takes the announcement back.</summary>
    public void Retract() => Volatile.Write(ref announced, 0);

    /// <summary>Sleeps until woken after the announcement.</summary>
    public void Sleep() => awake.WaitOne();

    /// <summary>Wakes the owner if it has announced itself.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref announced) != 0 && Interlocked.Exchange(ref announced, 0) != 0) awake.Set();
    }

    /// <inheritdoc/>
    public void Dispose() => awake.Dispose();
}
