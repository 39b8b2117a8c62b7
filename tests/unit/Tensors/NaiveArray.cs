namespace BrainState.UnitTests.Tensors;

/// <summary>Arrays of doubles the slow way: every element by its multi-index. What tensors are compared with.</summary>
internal sealed class NaiveArray
{
    private readonly double[] items;

    private NaiveArray(int[] dims, double[] items) => (Dims, this.items) = (dims, items);

    public int[] Dims { get; }

    public IReadOnlyList<double> Items => items;

    public double this[int[] index] => items[Position(index)];

    public static NaiveArray Make(int[] dims, Func<int[], double> element) => new(dims, [.. Indices(dims).Select(element)]);

    public static NaiveArray Of(Tensor tensor) => new(tensor.Shape.ToArray(), tensor.Doubles());

    /// <summary>All multi-indices in row-major order.</summary>
    public static IEnumerable<int[]> Indices(int[] dims)
    {
        if (dims.Length == 0) return [[]];
        return Indices(dims[..^1]).SelectMany(head => Enumerable.Range(0, dims[^1]).Select(last => (int[])[.. head, last]));
    }

    public static int[] BroadcastDims(int[] a, int[] b)
    {
        var rank = Math.Max(a.Length, b.Length);
        int At(int[] dims, int axis) => axis - (rank - dims.Length) is >= 0 and var k ? dims[k] : 1;
        return [.. Enumerable.Range(0, rank).Select(axis => At(a, axis) == 1 ? At(b, axis) : At(a, axis))];
    }

    /// <summary>The element that a broadcast array has at an index of the broadcast shape.</summary>
    public double Broadcast(int[] index)
    {
        var tail = index[(index.Length - Dims.Length)..];
        return this[[.. tail.Select((position, axis) => Dims[axis] == 1 ? 0 : position)]];
    }

    public static NaiveArray Zip(NaiveArray a, NaiveArray b, Func<double, double, double> f) =>
        Make(BroadcastDims(a.Dims, b.Dims), index => f(a.Broadcast(index), b.Broadcast(index)));

    /// <summary>One number from all elements that differ only along <paramref name="axes"/>.</summary>
    public NaiveArray Reduce(int[] axes, bool keepDims, Func<double[], double> f)
    {
        var kept = Enumerable.Range(0, Dims.Length).Where(axis => !axes.Contains(axis)).ToArray();
        var groups = Indices(Dims).ToLookup(index => string.Join(',', kept.Select(axis => index[axis])), index => this[index]);
        int[] dims = [.. Enumerable.Range(0, Dims.Length).Where(axis => keepDims || kept.Contains(axis)).Select(axis => axes.Contains(axis) ? 1 : Dims[axis])];
        return Make(dims, index =>
        {
            var position = keepDims ? kept.Select(axis => index[axis]) : index;
            return f([.. groups[string.Join(',', position)]]);
        });
    }

    /// <summary>Fails unless shape and elements agree; NaN agrees with NaN.</summary>
    public void AssertEqual(Tensor actual, double tolerance = 0)
    {
        Assert.Equal(Dims, actual.Shape.ToArray());
        Approximately.Equal(items, actual.Doubles(), tolerance);
    }

    private int Position(int[] index)
    {
        var position = 0;
        for (var axis = 0; axis < Dims.Length; axis++) position = position * Dims[axis] + index[axis];
        return position;
    }
}
