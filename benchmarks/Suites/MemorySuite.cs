using System.Globalization;

namespace BrainState.Benchmarks.Suites;

/// <summary>Whether memory stays bounded in long loops whose results nobody disposes.</summary>
internal static class MemorySuite
{
    private const int Rows = 10;

    public static void Run(Session session)
    {
        var (x, y, step) = LinearRegressionSuite.TrainStep();
        Watch(session, "memory: jitted linear-regression steps, losses not disposed", 1_000_000, _ => step(x, y));

        WatchEager(session, [16], 1_000_000);
        WatchEager(session, [256, 256], 20_000);
    }

    private static void WatchEager(Session session, Shape shape, int count)
    {
        var x = Rng.Normal(Rng.PrngKey(0), shape);
        Watch(session, $"memory: eager operations on {string.Join('×', shape)} floats, results not disposed", count, i => (i % 3) switch
        {
            0 => x + 1.0,
            1 => Np.Tanh(x),
            _ => Np.Sum(x, 0),
        });
    }

    private static void Watch(Session session, string heading, int count, Func<int, Tensor> call)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var rows = new List<string[]>(Rows + 1);
        for (var i = 0; i < count; i++)
        {
            if (i % (count / Rows) == 0) rows.Add(Look(i));
            call(i);
        }
        rows.Add(Look(count));
        session.Report.Table(heading, ["calls", "resident", "managed heap", "GCs of generation 0", "1", "2"], rows);
    }

    private static string[] Look(int calls) =>
    [
        calls.ToString(CultureInfo.InvariantCulture), Megabytes(Resident()), Megabytes(GC.GetTotalMemory(false)),
        $"{GC.CollectionCount(0)}", $"{GC.CollectionCount(1)}", $"{GC.CollectionCount(2)}",
    ];

    private static long Resident()
    {
        const string status = "/proc/self/status";
        if (!File.Exists(status)) return Environment.WorkingSet;
        var line = File.ReadLines(status).First(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB");
}
