using BrainState.Backends;

namespace BrainState.BackendKit;

/// <summary>A device by its name alone, such as one of several that share a processor.</summary>
/// <param name="Kind">The kind, such as <c>cpu</c>.</param>
/// <param name="Index">The number among those of its kind.</param>
/// <param name="Description">One line about it.</param>
public sealed record VirtualDevice(string Kind, int Index, string Description) : IDevice
{
    /// <summary>The devices 0, 1, … <paramref name="count"/> − 1 of a kind.</summary>
    public static IReadOnlyList<IDevice> Create(string kind, int count, string description) =>
        [.. Enumerable.Range(0, count).Select(index => new VirtualDevice(kind, index, description))];

    /// <summary>The name, such as <c>cpu:0</c>.</summary>
    public override string ToString() => $"{Kind}:{Index}";
}
