namespace BrainState.Tracing;

/// <summary>The mapped axes around the code that runs, by name. Their sizes are ambient settings, so what a jitted function asks for is part of its key.</summary>
internal static class NamedAxes
{
    private const string AllAxes = "mapped axes";

    /// <summary>Makes the size of an axis known until the result is disposed; null does nothing.</summary>
    public static IDisposable? EnterSize(string? name, int size) => name is null ? null : Environ.Context(Key(name), size);

    /// <summary>The size of an axis.</summary>
    /// <exception cref="InvalidOperationException">No axis of that name is mapped here.</exception>
    public static int SizeOf(string name) => Environ.GetOrDefault(Key(name), -1) is int size and >= 0 ? size : throw new InvalidOperationException(
        $"No axis named '{name}' is mapped here, or its size is not known yet. Set {nameof(VmapOptions.AxisName)}, and {nameof(VmapOptions.AxisSize)} if only States are mapped.");

    /// <summary>The names of all mapped axes around, outermost first.</summary>
    public static ValueArray<string> Around => (ValueArray<string>)Environ.GetOrDefault(AllAxes, default(ValueArray<string>));

    /// <summary>A name for an axis that the user did not name: the same wherever as many are around, so that equal functions give equal programs.</summary>
    public static string NextName => $"axis {((ValueArray<string>?)Environ.Current(AllAxes))?.Count ?? 0}";

    /// <summary>Adds an axis to those around until the result is disposed.</summary>
    public static IDisposable Enter(string name) =>
        Environ.Context(AllAxes, (ValueArray<string>)[.. (ValueArray<string>?)Environ.Current(AllAxes) ?? default, name]);

    private static string Key(string name) => $"size of axis '{name}'";
}
