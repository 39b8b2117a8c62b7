using System.Runtime.ExceptionServices;
using BrainState.Backends;

namespace BrainState.Hosting;

/// <summary>One running backend and the device that was chosen of it. What is made while a runtime is current belongs to it.</summary>
/// <remarks>The backend starts when it is first needed. Thread-safe. Disposing it disposes the backend; tensors on it are then unusable.</remarks>
public sealed class BrainStateRuntime : IDisposable, IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly RuntimeSlots slots;
    private readonly string? key;
    private volatile Started? started;
    private ExceptionDispatchInfo? failure;
    private volatile bool disposed;

    /// <summary>A short cut to the one slot that every operation asks for. Its owner is the <see cref="Slot"/>.</summary>
    internal object? engine;

    internal BrainStateRuntime(BrainStateOptions options, string? key = null) =>
        (Options, this.key, slots) = (options, key, new(this));

    /// <summary>
    /// The runtime in force: that of the innermost <see cref="Enter"/> of this async flow, else the process default, else the embedded
    /// backend <c>cpu</c>, which the first use makes the process default.
    /// </summary>
    public static BrainStateRuntime Current => RuntimeSelector.Process.Current;

    /// <summary>The backend; started when first read.</summary>
    /// <exception cref="BackendException">There is no such backend, or it cannot start; the message says why and what to do.</exception>
    public IBackend Backend => (started ?? Start()).Backend;

    /// <summary>The device on which tensors are made; starts the backend.</summary>
    /// <exception cref="BackendException">As for <see cref="Backend"/>; or it has no such device, and the message lists those it has.</exception>
    public IDevice Device => (started ?? Start()).Device;

    /// <summary>What of the device's memory the process uses now; null where the backend does not tell.</summary>
    public DeviceMemory? Memory => (Backend.GetService(typeof(IMemoryStatistics)) as IMemoryStatistics)?.Of(Device);

    /// <summary>What was configured.</summary>
    public BrainStateOptions Options { get; }

    /// <summary>Whether it was disposed.</summary>
    internal bool IsDisposed => disposed;

    /// <summary>A runtime for an application without dependency injection: current where it is entered, or after <see cref="SetDefault"/>.</summary>
    /// <exception cref="BackendException">What was chosen is not here or not usable; the message says why and what to do.</exception>
    public static BrainStateRuntime Create(Action<BrainStateBuilder>? configure = null)
    {
        var options = new BrainStateOptions();
        configure?.Invoke(new(options));
        if (options.Problems() is { Count: > 0 } problems) throw new BackendException(string.Join('\n', problems));
        var runtime = new BrainStateRuntime(options);
        runtime.VerifyDevice();
        return runtime;
    }

    /// <summary>Makes <paramref name="runtime"/> the process default. Starting a host with <c>AddBrainState</c> does it.</summary>
    /// <exception cref="InvalidOperationException">There is another default already, because it was set or because BrainState was used.</exception>
    public static void SetDefault(BrainStateRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        RuntimeSelector.Process.SetDefault(runtime);
    }

    /// <summary>Makes this runtime current in this async flow until the scope is disposed: <c>using (runtime.Enter()) { … }</c>.</summary>
    public RuntimeScope Enter() => RuntimeSelector.Process.Enter(this);

    /// <summary>The one <typeparamref name="T"/> of this runtime, made when first asked for, disposed with the runtime.</summary>
    internal T Slot<T>(Func<BrainStateRuntime, T> create) where T : class => slots.Get(create);

    /// <summary>Starts the backend if a device was configured, because only then can it be told whether it exists.</summary>
    internal void VerifyDevice()
    {
        if (Options.Device is not null) _ = Device;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!TryTakeDown(out var backend)) return;
        try
        {
            slots.Dispose();
        }
        finally
        {
            backend?.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!TryTakeDown(out var backend)) return;
        try
        {
            slots.Dispose();
        }
        finally
        {
            if (backend is not null) await backend.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Backend and device, for messages.</summary>
    public override string ToString()
    {
        var device = Options.Device is { } name ? $"device '{name}'" : "first device";
        return $"runtime{(key is null ? "" : $" '{key}'")} (backend '{Options.Backend}', {device})";
    }

    private Started Start()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (started is { } present) return present;
            failure?.Throw();
            IBackend? backend = null;
            try
            {
                backend = Options.Catalog.Create(Options.Backend);
                return started = new(backend, DeviceName.Select(Options.Device, Options.Backend, backend.Devices));
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
                backend?.Dispose();
                throw;
            }
        }
    }

    private bool TryTakeDown(out IBackend? backend)
    {
        lock (gate)
        {
            backend = started?.Backend;
            if (disposed) return false;
            disposed = true;
            (started, engine) = (null, null);
            return true;
        }
    }

    private sealed record Started(IBackend Backend, IDevice Device);
}
