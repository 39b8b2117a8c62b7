namespace BrainState.Backends;

/// <summary>The version of the contract between the frontend and backends.</summary>
/// <remarks>
/// A host accepts plugins of its own major version with any minor up to its own; newer optional features are negotiated through
/// <see cref="IBackend.GetService"/>. The assembly version of BrainState.Abstractions changes with <see cref="Major"/> only.
/// </remarks>
public static class Contract
{
    /// <summary>Changes when a plugin must be compiled and adapted anew.</summary>
    public const int Major = 1;

    /// <summary>Changes when something optional is added.</summary>
    public const int Minor = 0;

    /// <summary>Both, as a version.</summary>
    public static Version Version { get; } = new(Major, Minor);
}
