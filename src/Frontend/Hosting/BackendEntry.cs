using BrainState.Backends;

namespace BrainState.Hosting;

/// <summary>A discovered backend and what has become known about it: at discovery, when it was probed, when it was started.</summary>
internal sealed class BackendEntry(string name, string path, Fault? fault, Func<IBackendFactory>? create = null)
{
    private readonly Lock gate = new();
    private IBackendFactory? factory;
    private volatile Fault? fault = fault;
    private volatile bool probed;

    public string Name => name;

    /// <summary>The plugin's folder; empty for a registered factory.</summary>
    public string Path => path;

    public string Description { get; init; } = "";

    public Version? ContractVersion { get; init; }

    /// <summary>The folder, or what stands in for one.</summary>
    public string Origin => path.Length > 0 ? path : "code";

    /// <summary>Whether discovery found no fault. Such an entry owns its name, even if it proves to be unavailable.</summary>
    public bool OwnsName => create is not null && fault?.Status is not (BackendStatus.Incompatible or BackendStatus.Shadowed);

    /// <summary>Gives way to a backend of the same name that was found earlier.</summary>
    public void ShadowBy(BackendEntry earlier) => fault = Fault.ShadowedBy(earlier.Origin);

    /// <summary>Why the backend cannot be used, or null. Constructs the factory and asks it once; loads nothing native.</summary>
    public Fault? Probe(BackendSettings settings)
    {
        if (probed || fault is not null) return fault;
        lock (gate)
        {
            if (probed || fault is not null) return fault;
            try
            {
                factory = create!();
                var answer = factory.Probe(settings);
                if (!answer.IsAvailable) fault = new(BackendStatus.Unavailable, answer.Reason, answer.Fix);
            }
            catch (Exception e)
            {
                fault = Fault.From(e, factory is null ? "constructed" : "probed", path);
            }

            probed = true;
            return fault;
        }
    }

    /// <summary>Starts the backend. A failure is remembered for the report.</summary>
    /// <exception cref="BackendException">It cannot start; the message names the backend, the cause and the fix.</exception>
    public IBackend Start(BackendSettings settings)
    {
        if (Probe(settings) is { } known) throw new BackendException(known.Message(name), known.Cause);
        try
        {
            var backend = factory!.Create(settings);
            if (backend.Devices.Count > 0) return backend;
            backend.Dispose();
            throw new BackendException("It has no devices.");
        }
        catch (Exception e)
        {
            var found = Fault.From(e, "started", path);
            fault = found;
            throw new BackendException(found.Message(name), e);
        }
    }

    /// <summary>What is known now.</summary>
    public BackendCandidate Describe() => new()
    {
        Name = name,
        Path = path,
        Status = fault?.Status ?? BackendStatus.Usable,
        Reason = fault?.Reason ?? "",
        Fix = fault?.Fix ?? "",
        Description = Description,
        ContractVersion = ContractVersion,
    };
}
