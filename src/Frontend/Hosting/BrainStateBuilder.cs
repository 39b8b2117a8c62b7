using BrainState.Backends;
using Microsoft.Extensions.Configuration;

namespace BrainState.Hosting;

/// <summary>Chooses a backend by code. Calls apply in order, later ones win.</summary>
public sealed class BrainStateBuilder
{
    internal BrainStateBuilder(BrainStateOptions options) => Options = options;

    internal BrainStateOptions Options { get; }

    /// <summary>Uses the backend called <paramref name="name"/>, on <paramref name="device"/> or on its first device.</summary>
    /// <param name="name">The name by which the backend is exported or was added, such as <c>"torch"</c>.</param>
    /// <param name="device">As <see cref="BrainStateOptions.Device"/>.</param>
    public BrainStateBuilder UseBackend(string name, string? device = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (Options.Backend, Options.Device) = (name, device);
        return this;
    }

    /// <summary>Searches a folder for plugins as well; it is a plugin folder or holds plugin folders.</summary>
    public BrainStateBuilder AddPluginPath(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Options.PluginPaths.Add(path);
        return this;
    }

    /// <summary>Adds a backend that is part of the application; it comes before a plugin of the same name.</summary>
    public BrainStateBuilder AddBackend(string name, IBackendFactory factory, string description = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(factory);
        Options.Registrations.Add(new(name, factory, description));
        return this;
    }

    /// <summary>Sets one setting of one backend, as <c>BrainState:Backends:NAME:KEY</c> does.</summary>
    public BrainStateBuilder Configure(string backend, string key, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(backend);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentNullException.ThrowIfNull(value);
        Options.Set(backend, key, value);
        return this;
    }

    /// <summary>Applies a section with the keys of <see cref="BrainStateOptions"/>. It is read once; reloads are not followed.</summary>
    public BrainStateBuilder UseConfiguration(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        OptionsReader.Apply(section, Options);
        return this;
    }
}
