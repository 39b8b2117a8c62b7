using System.Collections;
using System.Runtime.CompilerServices;
using BrainState.Ops;

namespace BrainState.Nn;

/// <summary>
/// What windows add at the edges of spatial axes: as much as a mode says, the same number at every edge, or (low, high) for each axis. <c>PaddingMode.Same</c>, <c>1</c> and
/// <c>[new(0, 1), new(1, 1)]</c> are paddings.
/// </summary>
[CollectionBuilder(typeof(Padding), nameof(Create))]
public sealed class Padding : IEnumerable<EdgePadding>
{
    private readonly PaddingMode mode;
    private readonly int? everywhere;
    private readonly ValueArray<EdgePadding>? edges;

    private Padding(PaddingMode mode, int? everywhere, ValueArray<EdgePadding>? edges) => (this.mode, this.everywhere, this.edges) = (mode, everywhere, edges);

    /// <summary>So much that there are ⌈size / stride⌉ windows.</summary>
    public static Padding Same { get; } = PaddingMode.Same;

    /// <summary>None: only windows that lie inside.</summary>
    public static Padding Valid { get; } = PaddingMode.Valid;

    /// <summary>An entry for each spatial axis.</summary>
    public static Padding Create(ReadOnlySpan<EdgePadding> edges) => new(default, null, ValueArray.Create(edges));

    /// <summary>What a mode says.</summary>
    public static implicit operator Padding(PaddingMode mode) => new(mode, null, null);

    /// <summary>The same at every edge.</summary>
    public static implicit operator Padding(int everywhere) => new(default, everywhere, null);

    /// <summary>The padding of each axis for a window.</summary>
    /// <exception cref="ArgumentException">There is not one entry per axis.</exception>
    internal ValueArray<EdgePadding> For(ValueArray<int> sizes, ValueArray<int> windows, ValueArray<int> strides) =>
        Explicit(sizes.Count) ?? Lax.PaddingOf(mode, sizes, windows, strides);

    /// <summary>
    /// What is cut off the result of a transposed window: with <see cref="Same"/> so much that there are size · stride elements, with <see cref="Valid"/> nothing, but there
    /// are at least as many.
    /// </summary>
    internal ValueArray<EdgePadding> Transposed(ValueArray<int> windows, ValueArray<int> strides) =>
        Explicit(windows.Count) ?? windows.Zip(strides, (window, stride) =>
        {
            var surplus = window - stride;
            return mode == PaddingMode.Valid || surplus < 0 ? new EdgePadding(0, Math.Min(0, surplus)) : new EdgePadding(surplus / 2, surplus - surplus / 2);
        }).ToValueArray();

    private ValueArray<EdgePadding>? Explicit(int axes)
    {
        if (everywhere is { } p) return Enumerable.Repeat(new EdgePadding(p, p), axes).ToValueArray();
        if (edges is { } given && given.Count != axes) throw new ArgumentException($"There are {given.Count} paddings for {axes} spatial axes.");
        return edges;
    }

    /// <inheritdoc/>
    public IEnumerator<EdgePadding> GetEnumerator() => ((IEnumerable<EdgePadding>)(edges ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
