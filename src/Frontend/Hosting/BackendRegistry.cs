using System.Collections.Concurrent;
using BrainState.Backends;

namespace BrainState.Hosting;

/// <summary>The backends that code has registered for a whole process.</summary>
internal sealed class BackendRegistry
{
    private readonly ConcurrentDictionary<string, BackendRegistration> registrations = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The one of this process.</summary>
    public static BackendRegistry Process { get; } = new();

    /// <summary>What is registered, by name.</summary>
    public IEnumerable<BackendRegistration> Registrations => registrations.Values.OrderBy(r => r.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Registers a backend; the same one again is no error.</summary>
    public void Register(string name, IBackendFactory factory, string description)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(factory);
        if (registrations.GetOrAdd(name, new BackendRegistration(name, factory, description)).Factory != factory)
            throw new ArgumentException($"A backend named '{name}' is already registered.", nameof(name));
    }
}

/// <summary>A backend that is part of the application's code.</summary>
internal sealed record BackendRegistration(string Name, IBackendFactory Factory, string Description)
{
    public BackendEntry ToEntry() =>
        new(Name.ToLowerInvariant(), "", null, () => Factory) { Description = Description, ContractVersion = Contract.Version };
}
