using BrainState.Backends;
using BrainState.Torch.StartUp;

namespace BrainState.Torch;

/// <summary>
/// Makes the libtorch backend. Options: <c>Threads</c>, the number of threads of the process's libtorch (default: <c>OMP_NUM_THREADS</c>, or all
/// processors); <c>LibTorch</c>, the folder of libtorch's libraries where it is not the one that the plugin was built against; <c>Record</c>, a folder
/// that receives what is compiled, for <c>native/replay</c>. <c>Processes</c>, <c>Rank</c> and <c>Meeting</c>, a file that all reach or <c>tcp://HOST:PORT</c>, make this
/// process one of several whose devices are the participants of collectives; <c>TimeoutSeconds</c> (300) is how long it waits for the others.
/// <c>CudaGraphs</c> (false, and not yet tried on a GPU) captures programs on cuda into graphs after <c>RunsBeforeCapture</c> (2) runs, by the plugin's own library or by <c>CudaGraphLibrary</c>.
/// </summary>
[BackendExport("torch", Description = "libtorch on cpu and cuda: whole programs run natively, planned and fused.")]
public sealed class TorchBackendFactory : IBackendFactory
{
    /// <inheritdoc/>
    public Availability Probe(BackendSettings settings)
    {
        try
        {
            return Installation.Here.Probe(TorchOptions.Read(settings));
        }
        catch (BackendException invalid)
        {
            return Availability.No(invalid.Message, "Correct the option in the configuration section BrainState:Backends:torch.");
        }
    }

    /// <inheritdoc/>
    public IBackend Create(BackendSettings settings)
    {
        var options = TorchOptions.Read(settings);
        return new TorchBackend(Engine.Start(options), options.Record is { } folder ? new(folder) : null, Graphs.Load(options));
    }
}
