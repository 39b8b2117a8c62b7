using BrainState.Backends;
using BrainState.Torch.Interop;

namespace BrainState.Torch.StartUp;

/// <summary>Whether a backend's programs become graphs on cuda.</summary>
/// <param name="RunsBeforeCapture">After how many runs; negative if they do not.</param>
/// <param name="Absence">Why they do not although somebody wants it, or null.</param>
internal sealed record Graphs(int RunsBeforeCapture, string? Absence = null)
{
    /// <summary>No graphs.</summary>
    public static Graphs None { get; } = new(-1);

    /// <summary>Loads what captures them, if the options want it. Where that is missing, programs run without; the shim is loaded already.</summary>
    public static Graphs Load(TorchOptions options)
    {
        if (options.RunsBeforeCapture is not { } runs) return None;
        try
        {
            Shim.Check(Shim.bs_load_graphs(options.GraphLibrary ?? Installation.Here.Graphs), "torch");
            return new(runs);
        }
        catch (BackendException missing)
        {
            return None with { Absence = missing.Message };
        }
    }
}
