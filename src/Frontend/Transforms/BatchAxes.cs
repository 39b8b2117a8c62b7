using System.Collections;
using System.Runtime.CompilerServices;
using BrainState.Pytrees;

namespace BrainState;

/// <summary>
/// Which axes of arguments or results are mapped over: one axis for all tensors of a container, or one entry for each of its parts, at any depth; null
/// stands for tensors that all lanes share. <c>0</c>, <c>[0, null]</c> and <c>[0, [1, null]]</c> are axes. Negative axes count from the end; the parts of
/// dictionaries count in the order of their keys.
/// </summary>
[CollectionBuilder(typeof(BatchAxes), nameof(Create))]
public sealed class BatchAxes : IEnumerable<BatchAxes?>
{
    private readonly int axis;
    private readonly BatchAxes?[]? parts;

    private BatchAxes(int axis) => this.axis = axis;

    private BatchAxes(BatchAxes?[] parts) => this.parts = parts;

    /// <summary>An entry for each part of a container.</summary>
    public static BatchAxes Create(ReadOnlySpan<BatchAxes?> parts) => new(parts.ToArray());

    /// <summary>The same axis of every tensor.</summary>
    public static implicit operator BatchAxes(int axis) => new(axis);

    /// <summary>The axis of the tensor at a place, or null.</summary>
    /// <exception cref="BatchAxisException">The axes have another structure than the container.</exception>
    internal static int? At(BatchAxes? axes, ReadOnlySpan<TreeStep> path, string option, Func<string> describe)
    {
        foreach (var (index, count) in path)
        {
            if (axes?.parts is not { } parts) break;
            if (parts.Length != count) throw BatchAxisException.Structure(option, parts.Length, $"a container of {count} around {describe()}");
            axes = parts[index];
        }
        return axes?.parts is { } surplus ? throw BatchAxisException.Structure(option, surplus.Length, describe()) : axes?.axis;
    }

    /// <inheritdoc/>
    public override string ToString() => parts is null ? axis.ToString(System.Globalization.CultureInfo.InvariantCulture) : $"[{string.Join(", ", parts.Select(static p => p?.ToString() ?? "null"))}]";

    /// <inheritdoc/>
    public IEnumerator<BatchAxes?> GetEnumerator() => (parts ?? Enumerable.Empty<BatchAxes?>()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
