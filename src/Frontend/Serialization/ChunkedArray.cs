using System.Collections.Immutable;
using System.Globalization;

namespace BrainState.Serialization;

/// <summary>
/// Arrays too large for one MessagePack value: a map with the marker key, the dimensions, and the flattened elements in pieces,
/// as flax writes them.
/// </summary>
static class ChunkedArray
{
    /// <summary>The key that tells such a map from others; its value is true.</summary>
    public const string Marker = "__msgpack_chunked_array__";

    const string ShapeKey = "shape", ChunksKey = "chunks";

    /// <summary>The map for <paramref name="array"/>, in pieces of at most <paramref name="maxBytes"/> (one element at least).</summary>
    public static OrderedDictionary<string, object?> Split(ArrayLeaf array, long maxBytes)
    {
        var elementSize = array.Bytes.Length / array.ElementCount;
        var perChunk = Math.Max(1, maxBytes / elementSize);
        var shape = new OrderedDictionary<string, object?>();
        foreach (var dim in array.Dims)
            shape.Add(Index(shape.Count), dim);

        var chunks = new OrderedDictionary<string, object?>();
        for (long start = 0; start < array.ElementCount; start += perChunk)
        {
            var length = Math.Min(perChunk, array.ElementCount - start);
            var bytes = array.Bytes.Slice((int)(start * elementSize), (int)(length * elementSize));
            chunks.Add(Index(chunks.Count), new ArrayLeaf(array.DTypeName, [length], bytes));
        }

        return new OrderedDictionary<string, object?> { [Marker] = true, [ShapeKey] = shape, [ChunksKey] = chunks };
    }

    /// <summary>The array that a map with the marker stands for.</summary>
    /// <exception cref="CheckpointException">Parts are missing, of mixed types, or do not add up to the shape.</exception>
    public static ArrayLeaf Join(OrderedDictionary<string, object?> map)
    {
        var dims = Items<long>(map, ShapeKey);
        var chunks = Items<ArrayLeaf>(map, ChunksKey);
        if (chunks.Count == 0 || chunks.Any(chunk => chunk.DTypeName != chunks[0].DTypeName))
            throw CheckpointException.Corrupt("a chunked array has no chunks or chunks of different types");

        var total = chunks.Sum(chunk => (long)chunk.Bytes.Length);
        ImmutableArray<long> shape = [.. dims];
        if (total > Array.MaxLength)
            throw CheckpointException.Corrupt($"a chunked array of {total} bytes exceeds what one array can hold");
        if (ArrayLeaf.Problem(chunks[0].DTypeName, shape, total, isNumPyScalar: false) is { } problem)
            throw CheckpointException.Corrupt(problem.TrimEnd('.'));

        var bytes = new byte[total];
        var used = 0;
        foreach (var chunk in chunks)
        {
            chunk.Bytes.Span.CopyTo(bytes.AsSpan(used));
            used += chunk.Bytes.Length;
        }

        return new ArrayLeaf(chunks[0].DTypeName, shape, bytes);
    }

    /// <summary>The values of the keys "0", "1", … of the map under <paramref name="key"/>.</summary>
    static List<T> Items<T>(OrderedDictionary<string, object?> map, string key)
    {
        if (!map.TryGetValue(key, out var value) || value is not OrderedDictionary<string, object?> entries)
            throw CheckpointException.Corrupt($"a chunked array has no '{key}' map");

        var items = new List<T>(entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            if (!entries.TryGetValue(Index(i), out var entry) || entry is not T item)
                throw CheckpointException.Corrupt($"'{key}' of a chunked array lacks a usable entry {i}");
            items.Add(item);
        }

        return items;
    }

    static string Index(int i) => i.ToString(CultureInfo.InvariantCulture);
}
