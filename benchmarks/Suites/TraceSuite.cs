using System.Diagnostics;
using System.Globalization;
using static BrainState.Transforms;

namespace BrainState.Benchmarks.Suites;

/// <summary>Time to trace, legalise, compile and run once per equation, for programs of growing length and for their gradients: it should not depend on the length.</summary>
internal static class TraceSuite
{
    private const int Runs = 5, WarmUps = 50;

    public static void Run(Session session)
    {
        var x = Np.Ones([4, 4]);
        foreach (var isGradient in (bool[])[false, true])
        {
            var what = isGradient ? "the gradient of a chain of small products and sines" : "a chain of small products and sines";
            session.Report.Line($"trace: first call of {what}, µs per equation of the chain (median of {Runs} different programs of that length)");
            for (var run = Runs; run < WarmUps; run++) Measure(x, 300, run, isGradient);
            foreach (var equations in (int[])[300, 1_000, 3_000, 10_000])
            {
                var (median, pause) = Enumerable.Range(0, Runs).Select(run => Measure(x, equations, run, isGradient)).Order().ElementAt(Runs / 2);
                session.Report.Line(string.Create(CultureInfo.InvariantCulture, $"  {equations,6} equations: {1e6 * median / equations:F1} µs each, {1e6 * pause / equations:F1} of it pauses of the collector, {1e3 * median:F0} ms together"));
            }
        }
    }

    private static (double Seconds, double Pause) Measure(Tensor x, int equations, int run, bool isGradient)
    {
        // Another constant makes another program, so that nothing is remembered.
        Tensor Chain(Tensor v)
        {
            for (var i = 0; i < equations / 3; i++) v = Np.Sin(v.MatMul(v) * (1e-3 * (run + 1) + 1e-9 * i));
            return v;
        }
        var step = isGradient ? Jit((Tensor v) => Grad((Tensor w) => Np.Sum(Chain(w))).Invoke(v)) : Jit<Tensor, Tensor>(Chain);
        GC.Collect();
        var (start, paused) = (Stopwatch.GetTimestamp(), GC.GetTotalPauseDuration());
        Session.Await(step(x));
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, (GC.GetTotalPauseDuration() - paused).TotalSeconds);
    }
}
