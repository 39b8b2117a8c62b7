using BrainState.Cpu.Lowering;

namespace BrainState.Cpu.Planning;

/// <summary>
/// How the loop of a group goes through its elements. Work comes in units, which are independent of each other and of the number of threads,
/// so that results are too.
/// </summary>
/// <remarks>
/// Without a reduction, or with one whose blocks of [Rows, Columns] fit into a tile, a unit is one tile of whole blocks. Otherwise a unit is a
/// segment of the rows of one block (and, if a row is longer than a tile, a chunk of its columns); it goes through its tiles one after the
/// other and accumulates them, and the segments are combined at the end.
/// </remarks>
internal struct LoopShape
{
    /// <summary>The number of elements.</summary>
    public long Count;

    /// <summary>The largest number of elements of a tile.</summary>
    public long Tile;

    /// <summary>The number of units.</summary>
    public long Units;

    /// <summary>The reduction that is accumulated over several tiles; Rows is 0 if there is none.</summary>
    public long Rows, Columns;

    /// <summary>The rows of one tile, and those of one segment.</summary>
    public long TileRows, SegmentRows;

    /// <summary>The segments of a block.</summary>
    public long Segments;

    /// <summary>The columns of one chunk, and the number of chunks of a row.</summary>
    public long ChunkColumns, Chunks;

    /// <summary>Whether reductions are accumulated over several tiles.</summary>
    public readonly bool IsSegmented => Rows != 0;

    private const int TilesPerSegment = 16;
    private const int MaxSegments = 64;

    /// <summary>The loop over <paramref name="count"/> elements with tiles of at most <paramref name="tile"/> elements.</summary>
    public static LoopShape Of(long count, long tile, ReduceShape? reduction)
    {
        var shape = new LoopShape { Count = count, Tile = tile, Segments = 1, Chunks = 1 };
        var block = reduction is { } r ? r.Rows * r.Columns : 1;
        if (count <= tile || block <= tile)
        {
            shape.Tile = count <= tile ? count : tile / block * block;
            shape.Units = Blocks(count, shape.Tile);
            return shape;
        }

        (shape.Rows, shape.Columns) = (reduction!.Value.Rows, reduction.Value.Columns);
        shape.ChunkColumns = Math.Min(shape.Columns, tile);
        shape.Chunks = Blocks(shape.Columns, shape.ChunkColumns);
        shape.TileRows = shape.Chunks > 1 ? 1 : tile / shape.Columns;
        var tiles = Blocks(shape.Rows, shape.TileRows);
        var segments = Math.Clamp(tiles / TilesPerSegment, 1, MaxSegments);
        shape.SegmentRows = Blocks(tiles, segments) * shape.TileRows;
        shape.Segments = Blocks(shape.Rows, shape.SegmentRows);
        shape.Units = reduction.Value.Outer * shape.Segments * shape.Chunks;
        return shape;
    }

    private static long Blocks(long count, long size) => (count + size - 1) / size;
}
