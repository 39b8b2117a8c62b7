using System.Globalization;

namespace BrainState.Benchmarks.Measuring;

/// <summary>How busy the machine is, from <c>/proc/stat</c>; elsewhere it counts as idle.</summary>
internal static class Load
{
    private const double TicksPerSecond = 100; // USER_HZ, fixed by the Linux ABI.

    /// <summary>Processor seconds used by everything since the machine started, idle and waiting time left out.</summary>
    public static double BusySeconds()
    {
        if (!File.Exists("/proc/stat")) return 0;
        using var reader = new StreamReader("/proc/stat");
        // cpu user nice system idle iowait irq softirq steal …
        var ticks = reader.ReadLine()!.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(static t => double.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        return (ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond;
    }

    /// <summary>The processors that others may use before a repetition with <paramref name="threads"/> threads counts as disturbed.</summary>
    public static double Tolerated(int threads) => Math.Max(0.12, Environment.ProcessorCount - threads - 0.05);
}
