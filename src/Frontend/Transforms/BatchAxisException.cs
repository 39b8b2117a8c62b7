namespace BrainState;

/// <summary>The axes that a function is mapped over do not fit its arguments, its results, or the States that it touches.</summary>
public sealed class BatchAxisException : InvalidOperationException
{
    private BatchAxisException(string message) : base(message) { }

    internal static BatchAxisException Structure(string option, int count, string what) => new(
        $"{option} gives {count} axes for {what}. Give one axis for all, or one entry for each part.");

    internal static BatchAxisException NoSuchAxis(string name, int axis, string what, TensorSpec spec, string remedy) => new(
        $"{name} maps over axis {axis} of {what}, but it is {spec}, which has no such axis. {remedy}");

    internal static BatchAxisException Sizes(string name, IEnumerable<(string What, int Size)> sizes) => new(
        $"{name} maps over axes of different sizes: {string.Join(", ", sizes.Select(static s => $"{s.Size} in {s.What}"))}. "
        + $"Mapped axes must agree; {nameof(VmapOptions.InAxes)} null is for what all lanes share.");

    internal static BatchAxisException NoSize(string name) => new(
        $"{name} does not know how many lanes there are, because nothing is mapped. Set {nameof(VmapOptions.AxisSize)}, or map over an axis of an argument.");

    internal static BatchAxisException Varies(string name, string what) => new(
        $"{nameof(VmapOptions.OutAxes)} of {name} is null for {what}, but {what} depends on the mapped axis. Give an axis to put the lanes along, or reduce over them.");

    internal static BatchAxisException StateVaries(string name, string state) => new(
        $"{name} writes a value to {state} that differs between lanes, but the State has no axis for them. Declare one with {nameof(Transforms.Vmap2)} or {nameof(Transforms.Pmap2)} "
        + $"({nameof(Vmap2Options.StateInAxes)} if the State has that axis already, {nameof(Vmap2Options.StateOutAxes)} if it gets it), or return the value.");
}
