using Spectre.Console;

namespace BrainState.Conformance;

/// <summary>A bar while cases run, where a person watches; the case that takes long is named, so that a hanging one is known.</summary>
internal sealed class ConsoleProgress : IRunObserver
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<ConformanceCase, long> running = [];
    private int finished;
    private int failed;

    /// <summary>Runs something with a bar of so many steps.</summary>
    public static T Show<T>(string title, int count, Func<IRunObserver, T> run)
    {
        var progress = new ConsoleProgress();
        if (!Output.Console.Profile.Capabilities.Interactive) return run(progress);
        return Output.Console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).Start(context =>
        {
            var bar = context.AddTask(Markup.Escape(title), maxValue: count);
            using var timer = new Timer(_ => progress.Update(bar, title), null, 0, 200);
            return run(progress);
        });
    }

    public void Started(ConformanceCase item)
    {
        lock (gate) running[item] = System.Diagnostics.Stopwatch.GetTimestamp();
    }

    public void Finished(CaseResult result)
    {
        lock (gate)
        {
            running.Remove(result.Case);
            finished++;
            if (result.Verdict == Verdict.Failed) failed++;
        }
    }

    private void Update(ProgressTask bar, string title)
    {
        lock (gate)
        {
            var late = running.Where(static r => System.Diagnostics.Stopwatch.GetElapsedTime(r.Value) > Long).OrderBy(static r => r.Value).Select(static r => r.Key.Name).FirstOrDefault();
            bar.Value = finished;
            bar.Description = $"{Markup.Escape(title)}{(failed > 0 ? $" [red]{failed} failed[/]" : "")}{(late is null ? "" : $" [grey]{Markup.Escape(late)}[/]")}";
        }
    }
}
