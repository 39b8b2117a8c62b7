using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>Moments and quantiles of larger samples. Keys are fixed and bits are the same everywhere, so bounds of about five standard errors hold always.</summary>
internal static class Distributions
{
    private const int Count = 20_000;

    private static Tensor Key => Rng.PrngKey(2025);

    public static IEnumerable<ConformanceCase> Cases =>
    [
        .. new[] { DType.Float32, DType.Float64 }.Select(static dtype => Case($"uniform/{dtype.Name}", dtype, () => Uniform(dtype))),
        .. DType.All.Where(static dtype => dtype.IsFloating).Select(static dtype => Case($"normal/{dtype.Name}", dtype, () => Normal(dtype))),
        .. new[] { (DType.Int32, -7, 13), (DType.UInt8, 3, 19), (DType.Int64, -5, 1_000_000), (DType.Int16, -100, 100) }.Select(static c => Case($"randint/{c.Item1.Name}", c.Item1, () => Integers(c.Item1, c.Item2, c.Item3))),
        .. new[] { 0.0, 0.2, 1.0 }.Select(static p => Case($"bernoulli/{p:0.0}", null, () =>
            Expect.Close($"the frequency of true with probability {p}", p, Numbers(Rng.Bernoulli(Key, p, [Count])).Average(), 5 * Math.Sqrt(p * (1 - p) / Count)))),
        Case("permutation", null, Permutations),
    ];

    private static BehaviorCase Case(string name, DType? dtype, Action check) => new($"random/distribution/{name}", _ => check()) { Subject = name.Split('/')[0], DType = dtype };

    private static double[] Numbers(Tensor tensor) => tensor.AsType(DType.Float64).ToArray<double>();

    private static void Uniform(DType dtype)
    {
        var values = Numbers(Rng.Uniform(Key, [Count], dtype: dtype));
        Expect.That(values.All(static v => v is >= 0 and < 1), "uniform numbers must be in [0, 1)");
        Expect.Close("the mean of uniform numbers", 0.5, values.Average(), 5 / Math.Sqrt(12.0 * Count));
        Quantiles("uniform", values, [(0.01, 0.01), (0.1, 0.1), (0.25, 0.25), (0.5, 0.5), (0.75, 0.75), (0.9, 0.9), (0.99, 0.99)], static q => Math.Sqrt(q * (1 - q)));
    }

    private static void Normal(DType dtype)
    {
        var values = Numbers(Rng.Normal(Key, [Count], dtype: dtype));
        // The shorter formats have few numbers to draw from.
        var tolerance = 5 / Math.Sqrt(Count) + (dtype is DType.BFloat16 or DType.Float16 ? 0.02 : 0);
        Expect.That(values.All(static v => Math.Abs(v) <= 9), "normal numbers must be finite and below 9");
        Expect.Close("the mean of normal numbers", 0, values.Average(), tolerance);
        Expect.Close("the second moment of normal numbers", 1, values.Average(static v => v * v), 1.5 * tolerance);
        Expect.Close("the third moment of normal numbers", 0, values.Average(static v => v * v * v), 4 * tolerance);
        Expect.Close("the fourth moment of normal numbers", 3, values.Average(static v => v * v * v * v), 10 * tolerance);
        Quantiles("normal", values, [(0.025, -1.959964), (0.25, -0.6744898), (0.5, 0), (0.75, 0.6744898), (0.975, 1.959964)], _ => dtype == DType.BFloat16 ? 3 : 2);
    }

    private static void Quantiles(string what, double[] values, (double Quantile, double Value)[] expected, Func<double, double> deviation)
    {
        var sorted = values.Order().ToArray();
        foreach (var (quantile, value) in expected)
            Expect.Close($"the quantile {quantile} of {what} numbers", value, sorted[(int)(quantile * Count)], 5 * deviation(quantile) / Math.Sqrt(Count));
    }

    private static void Integers(DType dtype, int low, int high)
    {
        var values = Numbers(Rng.RandInt(Key, [Count], low, high, dtype));
        Expect.That(values.All(v => v >= low && v < high), $"random integers must be in [{low}, {high})");
        Expect.Close("the mean of random integers", (low + high - 1) / 2.0, values.Average(), 5 * (high - low) / Math.Sqrt(12.0 * Count));
        Expect.That(high - low > 300 || values.Distinct().Count() == high - low, $"all integers in [{low}, {high}) must come");
    }

    /// <summary>Each number comes as often to each place.</summary>
    private static void Permutations()
    {
        const int Runs = 1200;
        var orders = Vmap(static (Tensor key) => Rng.Permutation(key, 4))(Rng.Split(Key, Runs)).ToArray<int>();
        var counts = new int[4, 4];
        foreach (var order in orders.Chunk(4))
        {
            Expect.That(order.Order().SequenceEqual([0, 1, 2, 3]), $"[{string.Join(", ", order)}] is no permutation");
            for (var i = 0; i < 4; i++) counts[i, order[i]]++;
        }
        foreach (var count in counts) Expect.Close("how often a number comes to a place", Runs / 4.0, count, 75);
    }
}
