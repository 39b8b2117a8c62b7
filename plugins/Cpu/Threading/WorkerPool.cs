using System.Runtime.ExceptionServices;

namespace BrainState.Cpu.Threading;

/// <summary>A fixed team of background threads that runs the parts of one job at a time, together with the calling thread.</summary>
/// <remarks>
/// Whoever finds the pool taken runs the job alone. That one rule covers concurrent callers, nested calls from inside a part, and
/// calls after <see cref="Dispose"/>, and it cannot deadlock.
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    // About 50 µs: longer than the gap between two jobs of a training step, shorter than anyone notices on an idle machine.
    private const int Spins = 600, SpinLength = 2;

    private readonly Parker caller = new();
    private readonly Parker[] workers;
    private readonly Thread[] threads;
    private JobCounter counter;
    private int taken, stopping;

    // The job; written by the holder of the pool before the counter is started.
    private delegate*<void*, int, void> body;
    private void* state;
    private ExceptionDispatchInfo? failure;

    /// <summary>A pool of <paramref name="degree"/> threads, the caller's included.</summary>
    public WorkerPool(int degree)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degree, 1);
        Degree = degree;
        workers = new Parker[degree - 1];
        threads = new Thread[degree - 1];
        for (var i = 0; i < threads.Length; i++)
        {
            var parker = workers[i] = new Parker();
            threads[i] = new Thread(() => Work(parker)) { IsBackground = true, Name = $"BrainState worker {i + 1}" };
            threads[i].Start();
        }
    }

    /// <summary>The most threads that work on one job.</summary>
    public int Degree { get; }

    /// <summary>
    /// Runs <paramref name="body"/> with <paramref name="state"/> and each part from 0 to <paramref name="parts"/> − 1, in no
    /// particular order, and returns when all are done. The first exception is rethrown here once the parts on other threads have ended.
    /// </summary>
    public void Run(int parts, delegate*<void*, int, void> body, void* state)
    {
        if (parts <= 1 || workers.Length == 0 || Interlocked.CompareExchange(ref taken, 1, 0) != 0)
        {
            for (var part = 0; part < parts; part++) body(state, part);
            return;
        }

        this.body = body;
        this.state = state;
        counter.Start(parts);
        for (var i = Math.Min(parts - 1, workers.Length) - 1; i >= 0; i--) workers[i].Wake();
        RunParts();
        Await(caller, static pool => pool.counter.IsDone);

        var thrown = failure;
        failure = null;
        Volatile.Write(ref taken, 0);
        thrown?.Throw();
    }

    /// <summary>Ends the threads, after the job that may be under way. Later jobs run on their caller alone.</summary>
    public void Dispose()
    {
        if (Volatile.Read(ref stopping) != 0) return;
        while (Interlocked.CompareExchange(ref taken, 1, 0) != 0)
        {
            if (Volatile.Read(ref stopping) != 0) return;
            Thread.Sleep(0);
        }

        Interlocked.Exchange(ref stopping, 1);
        foreach (var worker in workers) worker.Wake();
        foreach (var thread in threads) thread.Join();
        foreach (var worker in workers) worker.Dispose();
        caller.Dispose();
    }

    private void Work(Parker self)
    {
        while (Volatile.Read(ref stopping) == 0)
        {
            RunParts();
            Await(self, static pool => pool.counter.HasParts || Volatile.Read(ref pool.stopping) != 0);
        }
    }

    private void RunParts()
    {
        while (true)
        {
            var seen = counter.Look();
            if ((uint)seen == 0) return;
            var (work, argument) = ((nint)body, (nint)state);
            var part = counter.Claim(seen);
            if (part < 0) continue;
            try
            {
                ((delegate*<void*, int, void>)work)((void*)argument, part);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
            }

            if (counter.End()) caller.Wake();
        }
    }

    /// <summary>Returns when <paramref name="ready"/> holds; spins for a while before it sleeps.</summary>
    private void Await(Parker self, Func<WorkerPool, bool> ready)
    {
        for (var spin = 0; spin < Spins; spin++)
        {
            if (ready(this)) return;
            Thread.SpinWait(SpinLength);
        }

        while (true)
        {
            self.Announce();
            if (ready(this)) break;
            self.Sleep();
        }

        self.Retract();
    }
}
