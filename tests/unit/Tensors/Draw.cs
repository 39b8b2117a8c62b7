namespace BrainState.UnitTests.Tensors;

/// <summary>Random shapes and tensors from a seed.</summary>
internal sealed class Draw(int seed)
{
    public System.Random Random { get; } = new(seed);

    public bool Coin(double probability = 0.5) => Random.NextDouble() < probability;

    public T Pick<T>(params ReadOnlySpan<T> items) => items[Random.Next(items.Length)];

    public double Between(double low, double high) => low + (high - low) * Random.NextDouble();

    /// <summary>Sizes of a random rank; rarely 0.</summary>
    public int[] Dims(int maxRank = 3, int maxSize = 4, double empty = 0.05) =>
        [.. Enumerable.Range(0, Random.Next(maxRank + 1)).Select(_ => Coin(empty) ? 0 : Random.Next(1, maxSize + 1))];

    /// <summary>Other sizes that broadcast with the given ones.</summary>
    public int[] Compatible(int[] dims)
    {
        int[] other = [.. dims.Select(n => Coin(0.3) ? 1 : n)];
        return Coin(0.3) && other.Length > 0 ? other[Random.Next(other.Length + 1)..] : other;
    }

    /// <summary>A float64 tensor with elements in a range.</summary>
    public Tensor Doubles(Shape shape, double low = -2, double high = 2)
    {
        var values = new double[shape.ElementCount];
        for (var i = 0; i < values.Length; i++) values[i] = Between(low, high);
        return Tensor.From<double>(values, shape);
    }

    /// <summary>An int32 tensor with elements in [low, high).</summary>
    public Tensor Ints(Shape shape, int low = -5, int high = 6)
    {
        var values = new int[shape.ElementCount];
        for (var i = 0; i < values.Length; i++) values[i] = Random.Next(low, high);
        return Tensor.From<int>(values, shape);
    }

    public Tensor Bools(Shape shape)
    {
        var values = new bool[shape.ElementCount];
        for (var i = 0; i < values.Length; i++) values[i] = Coin();
        return Tensor.From<bool>(values, shape);
    }

    /// <summary>Some of the axes 0 … rank − 1, in any order.</summary>
    public int[] Axes(int rank)
    {
        var axes = Enumerable.Range(0, rank).Where(_ => Coin()).ToArray();
        Random.Shuffle(axes);
        return axes;
    }
}
