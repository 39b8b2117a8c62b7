using System.Runtime.ExceptionServices;

namespace BrainState.Conformance;

/// <summary>Keeps a backend that hangs from stopping the run.</summary>
internal static class Deadline
{
    /// <summary>Far more than anything takes that is given a deadline, also on a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Runs an action on a thread of its own and throws what it throws. If it does not end in time, its thread is left behind.</summary>
    public static void Within(string otherwise, Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        }) { IsBackground = true };
        thread.Start();
        if (!thread.Join(Limit)) throw new ConformanceException($"{otherwise}, but nothing happened in {Limit.TotalSeconds:F0} s");
        failure?.Throw();
    }

    /// <summary>Runs an action on several threads at the same time, and throws the first failure.</summary>
    public static void OnThreads(int count, string otherwise, Action<int> action)
    {
        var failures = new ExceptionDispatchInfo?[count];
        using var start = new Barrier(count);
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            try
            {
                start.SignalAndWait();
                action(i);
            }
            catch (Exception e)
            {
                failures[i] = ExceptionDispatchInfo.Capture(e);
            }
        }) { IsBackground = true }).ToArray();
        foreach (var thread in threads) thread.Start();
        var end = DateTime.UtcNow + Limit;
        foreach (var thread in threads)
            if (!thread.Join(TimeSpan.FromTicks(Math.Max(0, (end - DateTime.UtcNow).Ticks))))
                throw new ConformanceException($"{otherwise}, but some of {count} threads did not end in {Limit.TotalSeconds:F0} s: they wait for each other");
        failures.FirstOrDefault(static f => f is not null)?.Throw();
    }
}
