using System.Collections;
using System.Runtime.CompilerServices;

namespace BrainState;

/// <summary>Which axes a reduction combines: one, several, or all of them (the default). Negative axes count from the end.</summary>
[CollectionBuilder(typeof(Axes), nameof(Create))]
public readonly struct Axes : IEnumerable<int>
{
    private readonly int[]? axes;

    private Axes(int[] axes) => this.axes = axes;

    /// <summary>All axes.</summary>
    public static Axes All => default;

    /// <summary>The given axes.</summary>
    public static Axes Create(ReadOnlySpan<int> axes) => new(axes.ToArray());

    /// <summary>One axis.</summary>
    public static implicit operator Axes(int axis) => new([axis]);

    /// <summary>The axes of a tensor of rank <paramref name="rank"/>, in increasing order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An axis is outside the tensor or given twice.</exception>
    internal ValueArray<int> Of(int rank)
    {
        if (axes is null) return ValueArray.Range(rank);
        var normalized = axes.Select(axis => Normalize(axis, rank)).Order().ToArray();
        if (normalized.Distinct().Count() != normalized.Length)
            throw new ArgumentOutOfRangeException(nameof(axes), $"An axis is given twice in ({string.Join(", ", axes)}).");
        return normalized.ToValueArray();
    }

    /// <summary>An axis counted from 0, given one that may be negative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis is outside the tensor.</exception>
    internal static int Normalize(int axis, int rank) => axis >= -rank && axis < rank
        ? axis < 0 ? axis + rank : axis
        : throw new ArgumentOutOfRangeException(nameof(axis), $"Axis {axis} is outside a tensor of rank {rank}.");

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => (axes ?? Enumerable.Empty<int>()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
