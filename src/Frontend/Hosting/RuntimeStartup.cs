using Microsoft.Extensions.Hosting;

namespace BrainState.Hosting;

/// <summary>Before any service of the host starts: checks the device of a runtime, and makes the one without a key the process default.</summary>
internal sealed class RuntimeStartup(BrainStateRuntime runtime, RuntimeSelector? selector) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        runtime.VerifyDevice();
        selector?.SetDefault(runtime);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
