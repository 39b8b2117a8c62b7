using System.Globalization;

namespace BrainState;

/// <summary>Shows how far a loop of known length is, at every run, under all transforms; see <see cref="LoopOptions.Progress"/>. It goes to <see cref="Debug.Progress"/>.</summary>
/// <remarks>The steps of the loop take no longer: it is divided into stretches, and reports after each of them. Derivatives show the forward pass.</remarks>
public sealed record ProgressBar
{
    private const int DefaultUpdates = 20;

    /// <summary>The channel of the prints that are reports: steps done, steps in all.</summary>
    internal const string Channel = "progress";

    /// <summary>What is written beside the bar; by default the number of iterations.</summary>
    public string? Description { get; init; }

    /// <summary>The number of steps between two reports; by default as many as give <see cref="Updates"/>.</summary>
    public int? Every { get; init; }

    /// <summary>The number of reports; by default 20.</summary>
    public int? Updates { get; init; }

    /// <summary>The number of steps between two reports in a loop of so many.</summary>
    internal int StretchOf(string transform, int length)
    {
        if (Every is not null && Updates is not null)
            throw new ArgumentException($"The progress bar of {transform} has both {nameof(Every)} and {nameof(Updates)}, and one follows from the other. Set one of them.");
        var (name, value) = Every is not null ? (nameof(Every), Every) : (nameof(Updates), Updates);
        if (value is { } given && (given < 1 || given > Math.Max(1, length)))
            throw new ArgumentException($"{name} of the progress bar of {transform} must be from 1 to the number of steps, {length}, but is {given}.");
        return Every ?? Math.Max(1, length / (Updates ?? DefaultUpdates));
    }

    /// <summary>The description for a loop of so many steps.</summary>
    internal string DescriptionOf(int length) => Description ?? string.Create(CultureInfo.InvariantCulture, $"Running for {length:N0} iterations");
}

/// <summary>Where progress bars appear, such as a console. Several may be open at a time; different threads may open them.</summary>
public interface IProgressDisplay
{
    /// <summary>Opens a bar for a loop of so many steps, of which none is done.</summary>
    IProgressTask Begin(string description, int length);
}

/// <summary>One open bar. It is disposed when the run ends, be it by a failure.</summary>
public interface IProgressTask : IDisposable
{
    /// <summary>So many steps are done. A loop inside another begins anew at 0. Never called by two threads at the same time.</summary>
    void Report(int done);
}
