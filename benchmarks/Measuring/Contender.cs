using System.Diagnostics;

namespace BrainState.Benchmarks.Measuring;

/// <summary>One timed repetition of several calls.</summary>
/// <param name="Seconds">Wall time of all calls.</param>
/// <param name="Cpu">Processor time that the measured process used.</param>
/// <param name="AllocatedBytes">Managed memory that the calling thread allocated; not known of other processes.</param>
internal readonly record struct Repetition(double Seconds, double Cpu, double? AllocatedBytes);

/// <summary>Something to measure.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Repeat">Makes so many calls.</param>
/// <param name="IsBaseline">Whether the others are compared with it.</param>
internal sealed record Contender(string Name, Func<int, Repetition> Repeat, bool IsBaseline = false)
{
    /// <summary>Code of this process; <paramref name="body"/> makes the given number of calls and waits for their results.</summary>
    public static Contender Of(string name, Action<int> body) => new(name, calls =>
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        body(calls);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new(seconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, allocated);
    });
}
