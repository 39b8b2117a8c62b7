using System.Diagnostics;
using System.Globalization;
using static BrainState.Transforms;

namespace BrainState.Benchmarks.Suites;

/// <summary>Time to trace, legalise, compile and run once per equation, for programs of growing length and for their gradients: it should not depend on the length.</summary>
internal static class TraceSuite
{
    // As many equations for each length, so that the collections that short programs bring about count as well, although few of them have one.
    private const int Total = 60_000, WarmUps = 50;

    public static void Run(Session session)
    {
        var x = Np.Ones([4, 4]);
        foreach (var isGradient in (bool[])[false, true])
        {
            var what = isGradient ? "the gradient of a chain of small products and sines" : "a chain of small products and sines";
            session.Report.Line($"trace: first call of {what}, µs per equation of the chain (mean over different programs of that length, {Total} equations in all)");
            for (var run = 0; run < WarmUps; run++) RunChain(x, 300, run, isGradient);
            foreach (var equations in (int[])[300, 1_000, 3_000, 10_000])
            {
                GC.Collect();
                var (start, paused) = (Stopwatch.GetTimestamp(), GC.GetTotalPauseDuration());
                for (var run = 0; run < Total / equations; run++) RunChain(x, equations, WarmUps + run, isGradient);
                var (time, pause) = (Stopwatch.GetElapsedTime(start), GC.GetTotalPauseDuration() - paused);
                session.Report.Line(string.Create(CultureInfo.InvariantCulture, $"  {equations,6} equations: {time.TotalMicroseconds / Total:F1} µs each, {pause.TotalMicroseconds / Total:F1} of it pauses of the collector, {time.TotalMilliseconds * equations / Total:F0} ms together"));
            }
        }
    }

    private static void RunChain(Tensor x, int equations, int run, bool isGradient)
    {
        // Another constant makes another program, so that nothing is remembered.
        Tensor Chain(Tensor v)
        {
            for (var i = 0; i < equations / 3; i++) v = Np.Sin(v.MatMul(v) * (1e-3 * (run + 1) + 1e-9 * i));
            return v;
        }
        var step = isGradient ? Jit((Tensor v) => Grad((Tensor w) => Np.Sum(Chain(w))).Invoke(v)) : Jit<Tensor, Tensor>(Chain);
        Session.Await(step(x));
    }
}
