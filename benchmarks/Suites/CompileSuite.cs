using System.Diagnostics;
using System.Globalization;
using BrainState.Benchmarks.Measuring;

namespace BrainState.Benchmarks.Suites;

/// <summary>How long the first call of the perceptron's training step takes.</summary>
internal static class CompileSuite
{
    /// <summary>Starts this program as a child that makes one first call and prints its time.</summary>
    public const string ChildArgument = "--first-call";

    private const int ColdRuns = 5, WarmRuns = 31;

    public static void Run(Session session)
    {
        var cold = Enumerable.Range(0, ColdRuns).Select(_ => FirstCallInNewProcess(session.Threads)).ToArray();
        var (x, y) = Mlp.Data();
        var model = new Mlp();
        var (first, again, trace, run) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < WarmRuns + 10; i++)
        {
            // Another factor makes another program in all caches. A fresh Jit of an equal step finds its program compiled.
            var step = model.Step(1 + i * 1e-6);
            trace.Add(Seconds(() => Transforms.MakeJaxpr(step)(x, y)));
            var jitted = Transforms.Jit(model.Step(1 + (i + 0.5) * 1e-6));
            first.Add(Seconds(() => Session.Await(jitted(x, y))));
            run.Add(Seconds(() => Session.Await(jitted(x, y))));
            var same = Transforms.Jit(model.Step(1 + (i + 0.5) * 1e-6));
            again.Add(Seconds(() => Session.Await(same(x, y))));
        }
        session.Report.Table("mlp-compile: the first call of the jitted training step", ["", "median", "minimum"],
        [
            Row("fresh process: first call, .NET's own compilation included", cold.Select(static c => c.FirstCall)),
            Row("fresh process: from its start to the end of the first step", cold.Select(static c => c.FromStart)),
            Row("warm process, new program: trace, legalise, compile, run", Settled(first)),
            Row("warm process, same program in a new Jit: trace, run", Settled(again)),
            [.. Row("the difference: legalise, compile", Settled(first.Zip(again, static (f, a) => f - a)))[..2], ""],
            Row("MakeJaxpr of the step: trace alone", Settled(trace)),
            Row("second call: run alone", Settled(run)),
        ]);
    }

    /// <summary>In the child: seconds of the first call, and since the process started.</summary>
    public static void RunChild()
    {
        var (x, y) = Mlp.Data();
        var jitted = Transforms.Jit(new Mlp().Step());
        var seconds = Seconds(() => Session.Await(jitted(x, y)));
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds} {(DateTime.Now - self.StartTime).TotalSeconds}"));
    }

    private static (double FirstCall, double FromStart) FirstCallInNewProcess(int threads)
    {
        var program = Path.Combine(AppContext.BaseDirectory, $"{typeof(CompileSuite).Assembly.GetName().Name}.dll");
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host, [program, ChildArgument, "--threads", $"{threads}"]) { RedirectStandardOutput = true };
        using var child = Process.Start(start)!;
        var numbers = child.StandardOutput.ReadToEnd().Split(' ').Select(static n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return (numbers[0], numbers[1]);
    }

    private static double Seconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static IEnumerable<double> Settled(IEnumerable<double> seconds) => seconds.Skip(10);

    private static string[] Row(string name, IEnumerable<double> seconds)
    {
        var sorted = seconds.Order().ToArray();
        return [name, Report.Time(sorted[sorted.Length / 2]), Report.Time(sorted[0])];
    }
}
