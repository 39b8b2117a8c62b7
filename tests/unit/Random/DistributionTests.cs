using static BrainState.Transforms;

namespace BrainState.UnitTests.RandomNumbers;

/// <summary>Moments, quantiles and ranges. Seeds are fixed, so the bounds of about five standard errors hold always.</summary>
public sealed class DistributionTests
{
    private const int Count = 20_000;

    private static readonly Tensor Key = Rng.PrngKey(2025);

    private static double[] Doubles(Tensor tensor) => Tensors.Approximately.Doubles(tensor);

    private static void AssertUniform(double[] values, double low, double high)
    {
        Assert.All(values, v => Assert.InRange(v, low, high));
        var span = high - low;
        Assert.Equal(low + span / 2, values.Average(), 5 * span / Math.Sqrt(12.0 * values.Length));
        var sorted = values.Order().ToArray();
        foreach (var quantile in (double[])[0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99])
            Assert.Equal(low + quantile * span, sorted[(int)(quantile * values.Length)], 5 * span * Math.Sqrt(quantile * (1 - quantile) / values.Length));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void UniformFillsTheRange(DType dtype)
    {
        var unit = Rng.Uniform(Key, [Count], dtype: dtype);
        Assert.Equal(dtype, unit.DType);
        if (dtype is DType.Float32 or DType.Float64) AssertUniform(Doubles(unit), 0, 1);
        Assert.All(Doubles(unit), static v => Assert.True(v is >= 0 and < 1));
        Assert.Equal(0.5, Doubles(unit).Average(), 0.012);
        var moved = Doubles(Rng.Uniform(Key, [Count], -3, 5, dtype));
        Assert.All(moved, static v => Assert.InRange(v, -3, 5));
        Assert.Equal(1, moved.Average(), 0.09);
    }

    [Theory]
    [InlineData(DType.Float32, 5.7)]
    [InlineData(DType.Float64, 9)]
    [InlineData(DType.Float16, 4)]
    [InlineData(DType.BFloat16, 4)]
    public void NormalHasTheMomentsAndQuantilesOfTheNormal(DType dtype, double largest)
    {
        var values = Doubles(Rng.Normal(Key, [Count], dtype: dtype));
        Assert.All(values, v => Assert.True(double.IsFinite(v) && Math.Abs(v) <= largest));
        var tolerance = 5 / Math.Sqrt(Count) + (dtype is DType.BFloat16 or DType.Float16 ? 0.02 : 0);
        Assert.Equal(0, values.Average(), tolerance);
        Assert.Equal(1, values.Average(static v => v * v), 1.5 * tolerance);
        Assert.Equal(0, values.Average(static v => v * v * v), 4 * tolerance);
        Assert.Equal(3, values.Average(static v => v * v * v * v), 10 * tolerance);
        var sorted = values.Order().ToArray();
        foreach (var (quantile, expected) in ((double, double)[])[(0.025, -1.959964), (0.25, -0.6744898), (0.5, 0), (0.75, 0.6744898), (0.975, 1.959964)])
            Assert.Equal(expected, sorted[(int)(quantile * Count)], dtype == DType.BFloat16 ? 0.1 : 0.06);
        Assert.Equal(7, Doubles(Rng.Normal(Key, [Count], 7, 2, DType.Float32)).Average(), 0.08);
    }

    [Fact]
    public void DoublesHaveAllTheirDigits()
    {
        var values = Rng.Uniform(Key, [1000], dtype: DType.Float64).ToArray<double>();
        Assert.True(values.Count(static v => v != (float)v) > 990);
        Assert.Equal(0.1, Rng.Uniform(Key, [], 0.1, 0.1, DType.Float64).ToScalar<double>());
    }

    [Theory]
    [InlineData(DType.Int32, -7, 13)]
    [InlineData(DType.Int8, -6, 9)]
    [InlineData(DType.UInt8, 3, 19)]
    [InlineData(DType.Int64, -5, 1_000_000)]
    [InlineData(DType.UInt16, 0, 3)]
    public void IntegersFillTheRange(DType dtype, int low, int high)
    {
        var values = Doubles(Rng.RandInt(Key, [Count], low, high, dtype));
        Assert.All(values, v => Assert.True(v >= low && v < high));
        Assert.Equal((low + high - 1) / 2.0, values.Average(), 5 * (high - low) / Math.Sqrt(12.0 * Count));
        if (high - low > 300) return;
        Assert.Equal(high - low, values.Distinct().Count());
    }

    [Fact]
    public void WideRangesOfSmallIntegersStayInside()
    {
        // As in JAX they are not uniform: the square of 2⁴ is 0 in eight bits, which leaves one draw of eight bits.
        Assert.All(Doubles(Rng.RandInt(Key, [Count], -100, 100, DType.Int8)), static v => Assert.InRange(v, -100, 99));
        Assert.All(Doubles(Rng.RandInt(Key, [Count], 3, 200, DType.UInt8)), static v => Assert.InRange(v, 3, 199));
    }

    [Fact]
    public void AnEmptyRangeOfIntegersGivesItsStart() => Assert.Equal([5, 5], Rng.RandInt(Key, [2], 5, 5).ToArray<int>());

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.2)]
    [InlineData(1.0)]
    public void BernoulliIsTrueWithItsProbability(double p) =>
        Assert.Equal(p, Doubles(Rng.Bernoulli(Key, p, [Count])).Average(), 5 * Math.Sqrt(p * (1 - p) / Count));

    [Fact]
    public void ParametersGiveTheShapeWhereNoneIsGiven()
    {
        Tensor low = new[] { 0f, 10, 20 };
        Assert.Equal([3], Rng.Bernoulli(Key, low / 20).Shape.ToArray());
        var uniform = Rng.Uniform(Key, low: low, high: low + 1);
        Assert.Equal([3], uniform.Shape.ToArray());
        // One draw per element, and not one for all.
        Assert.Equal(3, (uniform - low).ToArray<float>().Distinct().Count());
        Assert.Equal(3, (Rng.Normal(Key, mean: low) - low).ToArray<float>().Distinct().Count());
        Assert.Equal([2, 3], Rng.Normal(Key, mean: Np.Zeros([2, 1]), deviation: low).Shape.ToArray());
        Assert.Equal([3], Rng.RandInt(Key, default, low.AsType(DType.Int32), 30).Shape.ToArray());
        Assert.Equal([4, 3], Rng.Uniform(Key, [4, 3], low, low + 1).Shape.ToArray());
        Assert.Equal([4, 3], Rng.RandInt(Key, [4, 3], 0, (low + 1).AsType(DType.Int32)).Shape.ToArray());
    }

    [Fact]
    public void PermutationsArePermutationsAndUniform()
    {
        var counts = new int[4, 4];
        const int Runs = 1200;
        var permute = Jit((Tensor key) => Rng.Permutation(key, 4));
        foreach (var seed in Enumerable.Range(0, Runs))
        {
            var order = permute(Rng.PrngKey(seed)).ToArray<int>();
            Assert.Equal([0, 1, 2, 3], order.Order());
            for (var i = 0; i < 4; i++) counts[i, order[i]]++;
        }
        foreach (var count in counts) Assert.InRange(count, 300 - 75, 300 + 75);
        Assert.Equal(Enumerable.Range(0, 5000), Rng.Permutation(Key, 5000).ToArray<int>().Order());
    }

    [Fact]
    public void PermutationsMoveWholeRows()
    {
        var x = Np.Arange(12).Reshape(6, 2);
        var rows = Rng.Permutation(Key, x).ToArray<int>().Chunk(2).ToArray();
        Assert.All(rows, static r => Assert.Equal(r[0] + 1, r[1]));
        Assert.Equal([0, 2, 4, 6, 8, 10], rows.Select(static r => r[0]).Order());
        Assert.Equal(Rng.Permutation(Key, 6).ToArray<int>().Select(static i => 2 * i), rows.Select(static r => r[0]));
        Assert.Equal([0, 3], Rng.Permutation(Key, Np.Zeros([0, 3])).Shape.ToArray());
        Assert.Equal([0], Rng.Permutation(Key, 1).ToArray<int>());
    }

    [Fact]
    public void DrawsAdvanceTheGeneratorAndGivenKeysDoNot()
    {
        var (a, b) = (new RandomState(5), new RandomState(5));
        Assert.NotEqual(a.Rand(4).ToArray<float>(), a.Rand(4).ToArray<float>());
        b.Rand(4);
        b.Rand(4);
        Assert.Equal(a.Value.ToArray<uint>(), b.Value.ToArray<uint>());
        Rng.Uniform(a.Value, [4]);
        Assert.Equal(a.Value.ToArray<uint>(), b.Value.ToArray<uint>());
        Assert.NotEqual(a.Split().Rand(4).ToArray<float>(), a.Rand(4).ToArray<float>());
        b.Seed(5);
        Assert.Equal(new RandomState(5).Rand(4).ToArray<float>(), b.Rand(4).ToArray<float>());
    }

    [Fact]
    public void DrawsInsideJitAreThoseOutside()
    {
        var (inside, outside) = (new RandomState(9), new RandomState(9));
        Tensor[] Draws(RandomState r) => [r.Rand(3), r.Randn(3), r.RandInt(0, 9, [3]), r.Bernoulli(0.5, [3]), r.Permutation(5), r.Bits([2]), r.SplitKeys(2)];
        var jitted = Jit(() => Draws(inside));
        for (var i = 0; i < 3; i++)
            foreach (var (a, b) in jitted().Zip(Draws(outside))) Tensors.Approximately.Same(b, a, 0);
        Assert.Equal(1, JitFunction.Of(jitted).TraceCount);
        Assert.Equal(outside.Value.ToArray<uint>(), inside.Value.ToArray<uint>());
    }

    [Fact]
    public void WrongKeysAndDtypesAreRefused()
    {
        const string Message = "A random key is uint32[2], as Rng.PrngKey and Rng.Split make it, but this is i32[2]. (Parameter 'key')";
        Tensor wrong = new[] { 1, 2 };
        Assert.Equal(Message, Assert.Throws<ArgumentException>(() => Rng.Uniform(wrong)).Message);
        Assert.Equal(Message, Assert.Throws<ArgumentException>(() => Rng.Split(wrong)).Message);
        Assert.Equal(Message, Assert.Throws<ArgumentException>(() => Rng.FoldIn(wrong, 1)).Message);
        Assert.Equal("A random key is uint32[2], but this is i32[2]. (Parameter 'key')", Assert.Throws<ArgumentException>(() => new RandomState(wrong)).Message);
        Assert.Equal("Random integers cannot be float32.", Assert.Throws<ArgumentException>(() => Rng.RandInt(Key, [1], 0, 2, DType.Float32)).Message);
        Assert.Equal("Uniform and normal numbers are floats, not int32.", Assert.Throws<ArgumentException>(() => Rng.Uniform(Key, [1], dtype: DType.Int32)).Message);
        Assert.StartsWith("A permutation needs an axis to permute; for 0 … n − 1, pass Np.Arange(n).", Assert.Throws<ArgumentException>(() => Rng.Permutation(Key, Np.Array(3.0))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomState(1).SplitKeys(-1));
    }
}
