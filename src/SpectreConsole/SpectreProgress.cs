using Spectre.Console;

namespace BrainState.SpectreConsole;

/// <summary>Progress bars on a Spectre.Console: live on a terminal; elsewhere, lines of text now and then.</summary>
/// <param name="console">The console; by default that of the process.</param>
public sealed class SpectreProgress(IAnsiConsole? console = null) : IProgressDisplay
{
    private readonly IAnsiConsole console = console ?? AnsiConsole.Console;
    private readonly Lock gate = new();
    private LiveDisplay? live;
    private int openCount;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The console shows something else that is live.</exception>
    public IProgressTask Begin(string description, int length)
    {
        lock (gate)
        {
            live ??= LiveDisplay.Open(console);
            openCount++;
            return new Bar(this, live.Context.AddTask(Markup.Escape(description), maxValue: length));
        }
    }

    /// <summary>A terminal is drawn again and again by itself; lines of text are written when there is something new.</summary>
    private void Show()
    {
        if (console.Profile.Capabilities is { Interactive: true, Ansi: true }) return;
        lock (gate) live!.Context.Refresh();
    }

    private void End(ProgressTask task)
    {
        lock (gate)
        {
            task.StopTask();
            if (--openCount > 0) return;
            live!.Close();
            live = null;
        }
    }

    private sealed class Bar(SpectreProgress display, ProgressTask task) : IProgressTask
    {
        public void Report(int done)
        {
            task.Value = done;
            display.Show();
        }

        public void Dispose() => display.End(task);
    }

    /// <summary>Spectre draws for as long as a function runs; this one waits until it is closed.</summary>
    private sealed class LiveDisplay(ProgressContext context, TaskCompletionSource closing, Task drawing)
    {
        public ProgressContext Context => context;

        public static LiveDisplay Open(IAnsiConsole console)
        {
            var opened = new TaskCompletionSource<ProgressContext>(TaskCreationOptions.RunContinuationsAsynchronously);
            var closing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var drawing = console.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(context =>
                {
                    opened.SetResult(context);
                    return closing.Task;
                });
            Task.WhenAny(opened.Task, drawing).GetAwaiter().GetResult();
            if (drawing.IsFaulted) drawing.GetAwaiter().GetResult();
            return new(opened.Task.GetAwaiter().GetResult(), closing, drawing);
        }

        public void Close()
        {
            closing.SetResult();
            drawing.GetAwaiter().GetResult();
        }
    }
}
