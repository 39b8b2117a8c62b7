using BrainState.Ops;

namespace BrainState.Conformance.Generation;

/// <summary>Generators of gathers and scatters. Index values are arbitrary; many are outside.</summary>
internal static class IndexingGenerators
{
    /// <summary>The generators, by op name.</summary>
    public static readonly IReadOnlyDictionary<string, OpGenerator> Table = new Dictionary<string, OpGenerator>
    {
        ["gather"] = Gather,
        ["scatter"] = s => Scatter(s, DTypeKinds.Any, (d, mode, unique) => new Scatter(d, mode, unique)),
        ["scatter_add"] = s => Scatter(s, DTypeKinds.Number, (d, mode, unique) => new ScatterAdd(d, mode, unique)),
        ["scatter_mul"] = s => Scatter(s, DTypeKinds.Number, (d, mode, unique) => new ScatterMul(d, mode, unique)),
        ["scatter_min"] = s => Scatter(s, DTypeKinds.Real | DTypeKinds.Bool, (d, mode, unique) => new ScatterMin(d, mode, unique)),
        ["scatter_max"] = s => Scatter(s, DTypeKinds.Real | DTypeKinds.Bool, (d, mode, unique) => new ScatterMax(d, mode, unique)),
    };

    /// <summary>Windows over x and the axes that belong together; <see cref="Windowed"/> are the axes of x that are neither absent nor batching.</summary>
    readonly record struct Geometry(
        TensorSpec X, TensorSpec Indices, int[] Sizes, int[] Windowed, ValueArray<int> Absent, ValueArray<int> Indexed, ValueArray<int> Batching, ValueArray<int> IndexBatching);

    static Generated? Gather(GeneratorScope s)
    {
        if (Draw(s, DTypeKinds.Any) is not { } g) return null;
        var (shape, offsets) = Arranged(s, g);
        var mode = s.Pick(Enum.GetValues<IndexMode>());
        double? fill = mode == IndexMode.FillOrDrop && s.Coin() ? s.Pick([0.0, -1, 7, 0.1, double.NaN, double.PositiveInfinity, double.NegativeInfinity]) : null;
        var op = new Gather(new(offsets, g.Absent, g.Indexed, g.Batching, g.IndexBatching), g.Sizes.ToValueArray(), mode, fill);
        return shape.Rank > s.MaxRank ? null : new(op, [s.Value(g.X), s.Value(g.Indices)]);
    }

    static Generated? Scatter(GeneratorScope s, DTypeKinds kinds, Func<ScatterDimensionNumbers, IndexMode, bool, Scattering> make)
    {
        if (Draw(s, kinds) is not { } g) return null;
        var (shape, windows) = Arranged(s, g);
        if (shape.Rank > s.MaxRank) return null;
        var isUnique = g.Indices.Shape.SkipLast(1).All(static size => size <= 1); // The only case where that is sure.
        var op = make(new(windows, g.Absent, g.Indexed, g.Batching, g.IndexBatching), s.Pick(Enum.GetValues<IndexMode>()), isUnique && s.Coin());
        return new(op, [s.Value(g.X), s.Value(g.Indices), s.Value(g.X.With(shape))]);
    }

    static Geometry? Draw(GeneratorScope s, DTypeKinds kinds)
    {
        if (s.Spec(kinds) is not { } x || s.DType(DTypeKinds.Integer) is not { } index) return null;
        int[] axes = s.Axes(x.Rank, x.Rank).ToArray();
        var batching = axes.Take(s.Random.Next(Math.Min(2, x.Rank + 1))).Order().ToValueArray();
        var absent = axes.Except(batching).Where(axis => x.Shape[axis] > 0 && s.Coin(0.4)).Order().ToValueArray();
        var indexed = axes.Except(batching).Where(_ => s.Coin(0.6)).ToValueArray();
        var sizes = x.Shape.Select((size, axis) =>
            absent.Contains(axis) ? 1 : batching.Contains(axis) ? Math.Min(1, size) : size > 0 && s.Coin(0.9) ? s.Random.Next(1, size + 1) : 0).ToArray();

        var shape = s.Shape(batching.Count, Math.Max(batching.Count, s.MaxRank - 1)).ToArray();
        var indexBatching = s.Axes(shape.Length, batching.Count);
        for (var i = 0; i < batching.Count; i++) shape[indexBatching[i]] = x.Shape[batching[i]];
        int[] windowed = [.. Enumerable.Range(0, x.Rank).Except(absent).Except(batching)];
        return new(x, new(index, (int[])[.. shape, indexed.Count]), sizes, windowed, absent, indexed, batching, indexBatching);
    }

    /// <summary>The shape of all windows, and which of its axes run through a window.</summary>
    static (Shape Shape, ValueArray<int> Offsets) Arranged(GeneratorScope s, Geometry g)
    {
        var rank = g.Indices.Rank - 1 + g.Windowed.Length;
        var offsets = s.Axes(rank, g.Windowed.Length).Order().ToValueArray();
        var (window, batch) = (new Queue<int>(g.Windowed.Select(axis => g.Sizes[axis])), new Queue<int>(g.Indices.Shape.SkipLast(1)));
        return (Shape.Create([.. Enumerable.Range(0, rank).Select(axis => offsets.Contains(axis) ? window.Dequeue() : batch.Dequeue())]), offsets);
    }
}
