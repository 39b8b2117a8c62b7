using System.Diagnostics;
using System.Globalization;
using static BrainState.Transforms;

namespace BrainState.Benchmarks.Suites;

/// <summary>Time to trace, legalise and compile per equation, for programs of growing length: it should not depend on the length.</summary>
internal static class TraceSuite
{
    private const int Runs = 7;

    public static void Run(Session session)
    {
        session.Report.Line("trace: first call of a chain of small products and sines, µs per equation (median of 7 different programs of that length)");
        var x = Np.Ones([4, 4]);
        foreach (var equations in (int[])[100, 100, 1_000, 10_000])
        {
            var seconds = Enumerable.Range(0, Runs).Select(run =>
            {
                var step = Jit((Tensor v) =>
                {
                    // Another constant makes another program, so that nothing is remembered.
                    for (var i = 0; i < equations / 3; i++) v = Np.Sin(v.MatMul(v) * (1e-3 * (run + 1) + 1e-9 * i));
                    return v;
                });
                var start = Stopwatch.GetTimestamp();
                Session.Await(step(x));
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }).Order().ToArray();
            session.Report.Line(string.Create(CultureInfo.InvariantCulture, $"  {equations,6} equations: {1e6 * seconds[Runs / 2] / equations:F1} µs each, {1e3 * seconds[Runs / 2]:F0} ms together"));
        }
    }
}
