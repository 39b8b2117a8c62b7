namespace BrainState.Cpu.MatMul;

/// <summary>How the result of a packed product is cut into regions, each computed by one thread from start to end.</summary>
/// <remarks>
/// No thread waits for another, at the price that each packs its operands itself. Every element is summed in the same order however
/// the result is cut, so the values do not depend on the number of threads.
/// </remarks>
/// <param name="Down">Regions from top to bottom.</param>
/// <param name="Across">Regions from left to right.</param>
/// <param name="Rows">The most rows of a region.</param>
/// <param name="Columns">The most columns of a region, a multiple of the panel width unless there are fewer.</param>
internal readonly record struct Regions(long Down, long Across, long Rows, long Columns)
{
    // Measured in multiplications of a vector by a vector: packing one element, and having one more thread join.
    private const double PackingCost = 0.6, JoiningCost = 2000;

    // A tile of fewer rows takes as long, because each multiplication then waits for the one before.
    private const int FewRows = 6;

    // Bounds the scratch of products whose sums cannot be formed in the result.
    private const long MostColumns = 4096;

    /// <summary>The cheapest cut, by a rough model of the time, for <paramref name="threads"/> threads.</summary>
    public static Regions Choose(DotShape shape, int width, int lanes, long mostRows, int threads)
    {
        var best = default(Regions);
        var bestCost = double.PositiveInfinity;
        var panels = Divide(shape.N, width);
        long leastDown = Divide(shape.M, mostRows), leastAcross = Divide(shape.N, MostColumns);
        for (var down = leastDown; down <= leastDown + threads && down <= shape.M; down++)
            for (var across = leastAcross; across <= leastAcross + 2 * threads && across <= panels; across++)
            {
                long rows = Divide(shape.M, down), columns = Divide(panels, across) * width;
                var tasks = shape.Batch * down * across;
                var each = shape.K * ((double)Math.Max(rows, FewRows) * columns / lanes + PackingCost * (rows + columns));
                var cost = Divide(tasks, threads) * each + JoiningCost * (Math.Min(tasks, threads) - 1);
                if (cost >= bestCost) continue;
                (bestCost, best) = (cost, new(down, across, rows, columns));
            }

        return best;
    }

    /// <summary><paramref name="count"/> divided by <paramref name="size"/>, rounded up.</summary>
    public static long Divide(long count, long size) => (count + size - 1) / size;
}
