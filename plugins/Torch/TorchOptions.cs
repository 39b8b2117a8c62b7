using BrainState.Backends;

namespace BrainState.Torch;

/// <summary>The options of the backend.</summary>
/// <param name="Threads">The number of threads, or null for the default.</param>
/// <param name="LibTorch">The folder of libtorch's libraries, or null for the one of the build.</param>
/// <param name="Record">The folder that receives the instruction list of every program that is compiled, or null.</param>
/// <param name="Group">The processes that this one works with, or null.</param>
/// <param name="RunsBeforeCapture">How many times a program runs before it is captured into a graph, or null if none is.</param>
/// <param name="GraphLibrary">The library that captures, or null for the one beside the shim.</param>
internal sealed record TorchOptions(
    int? Threads = null, string? LibTorch = null, string? Record = null, ProcessGroup? Group = null, int? RunsBeforeCapture = null, string? GraphLibrary = null)
{
    /// <summary>What runs once or twice is not worth a graph.</summary>
    private const int DefaultRunsBeforeCapture = 2;

    /// <summary>The options in <paramref name="settings"/>.</summary>
    /// <exception cref="BackendException">One of them is invalid.</exception>
    public static TorchOptions Read(BackendSettings settings) =>
        new(settings["Threads"] is null ? null : settings.GetInt32("Threads", 0, 1), settings["LibTorch"], settings["Record"], ProcessGroup.Read(settings),
            ReadRunsBeforeCapture(settings), settings["CudaGraphLibrary"]);

    private static int? ReadRunsBeforeCapture(BackendSettings settings)
    {
        var runs = settings.GetInt32("RunsBeforeCapture", DefaultRunsBeforeCapture, 0);
        return settings["CudaGraphs"] is not { } text ? null
            : !bool.TryParse(text, out var isOn) ? throw new BackendException($"Option 'CudaGraphs' is '{text}', which is neither true nor false.")
            : isOn ? runs : null;
    }
}
