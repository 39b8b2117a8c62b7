namespace BrainState.Conformance;

internal static class Scratch
{
    private static void Main(string[] args)
    {
using var target = ConformanceTarget.Start(args[0]);
var cases = ConformanceSuites.Cases().Where(c => args.Length < 2 || c.Name.Contains(args[1])).ToArray();
var watch = System.Diagnostics.Stopwatch.StartNew();
var results = new ConformanceRun(target).Run(cases);
foreach (var r in results.Where(r => r.Verdict == Verdict.Failed).Take(args.Length > 2 ? int.Parse(args[2]) : 20)) Console.WriteLine(r.Describe());
foreach (var g in results.GroupBy(r => string.Join("/", r.Case.Name.Split('/').Take(2)))) if (g.Any(r => r.Verdict == Verdict.Failed)) Console.WriteLine($"{g.Key}: {g.Count(r => r.Verdict == Verdict.Failed)}/{g.Count()}");
foreach (var r in results.OrderByDescending(r => r.Duration).Take(12)) Console.WriteLine($"{r.Case.Name} {r.Duration.TotalMilliseconds}");
Console.WriteLine($"{results.Count(r => r.Verdict == Verdict.Passed)} passed, {results.Count(r => r.Verdict == Verdict.Failed)} failed in {watch.Elapsed}; quick {cases.Count(c => c.IsQuick)} {results.Where(r => r.Case.IsQuick).Sum(r => r.Duration.TotalSeconds)}");
    }
}
