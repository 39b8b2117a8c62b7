using BrainState.Backends;
using BrainState.Torch.Interop;

namespace BrainState.Torch.StartUp;

/// <summary>
/// libtorch in this process. It is loaded once, with everything that must be in place before: the environment, a fast BLAS, libtorch's own libraries.
/// </summary>
/// <remarks>Nothing native is loaded before the first <see cref="Start"/>: Debian's libtorch alone consists of 285 libraries.</remarks>
internal sealed class Engine
{
    private static readonly Lock Gate = new();
    private static Engine? started;

    private readonly string libTorch;

    private Engine(TorchOptions options)
    {
        var installation = Installation.Here;
        libTorch = installation.LibTorch(options);
        Threads = NativeEnvironment.SetThreads(options.Threads);
        NativeEnvironment.SetKernels();
        if (installation.IsDebian) Blas = OpenBlas.Load();
        // The loader finds Debian's by itself.
        if (!installation.IsDebian || options.LibTorch is not null) LoadLibTorch(libTorch);
        Shim.Load(installation.Shim);
        Shim.Check(Shim.bs_initialize(Threads), "torch");
        Facts = ReadFacts(Shim.Description);
        Group = options.Group;
        if (Group is { } group) Join(group);
        Ops = Shim.OpNames.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
    }

    /// <summary>The number of threads, which libtorch has once for the process.</summary>
    public int Threads { get; }

    /// <summary>The processes that this one works with, once and for all; null if it is alone.</summary>
    public ProcessGroup? Group { get; }

    /// <summary>What multiplies matrices; empty where libtorch brings it along.</summary>
    public string Blas { get; } = "";

    /// <summary>What the shim says of libtorch: version, instruction set, whether there is cuda.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; }

    /// <summary>The names of the ops that have kernels.</summary>
    public IReadOnlySet<string> Ops { get; }

    /// <summary>Loads libtorch, or gives the one that runs.</summary>
    /// <exception cref="BackendException">It cannot be loaded, it runs with other options, or the processes of its group did not come.</exception>
    public static Engine Start(TorchOptions options)
    {
        lock (Gate)
        {
            if (started is null) return started = new(options);
            if (options.Threads is { } threads && threads != started.Threads)
                throw new BackendException($"libtorch already runs with {started.Threads} threads in this process, so it cannot run with {threads}. Give every torch backend the same Threads.");
            if (options.LibTorch is { } folder && folder != started.libTorch)
                throw new BackendException($"libtorch was already loaded from {started.libTorch} in this process, so it cannot be loaded from {folder}.");
            if (options.Group is { } group && group != started.Group)
                throw new BackendException(
                    $"This process already works {(started.Group is { } own ? $"as rank {own.Rank} of {own.Size}" : "alone")}, so it cannot become rank {group.Rank} of {group.Size}.");
            return started;
        }
    }

    /// <summary>A library that is loaded is found by its name afterwards, so the shim needs no path of its own.</summary>
    private static void LoadLibTorch(string folder)
    {
        // What others must be able to see, such as OpenMP, hangs on the first. The rest is nobody else's business: an engine in the same process may have the same names.
        if (Path.Combine(folder, "libtorch_global_deps.so") is var shared && File.Exists(shared)) LibC.LoadGlobally(shared);
        LibC.Load(Path.Combine(folder, "libtorch.so"));
    }

    private static void Join(ProcessGroup group)
    {
        try
        {
            Shim.Check(Shim.bs_join(group.Meeting, group.Rank, group.Size, group.TimeoutSeconds), "torch");
        }
        catch (BackendException failure)
        {
            throw new BackendException($"As rank {group.Rank} of {group.Size} processes, this one could not meet the others at {group.Meeting}: {failure.Message}", failure);
        }
    }

    private static Dictionary<string, string> ReadFacts(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => line.Split('=', 2)).Where(static pair => pair.Length == 2).ToDictionary(static pair => pair[0], static pair => pair[1]);
}
