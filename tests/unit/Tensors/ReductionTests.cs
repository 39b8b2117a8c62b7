using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Tensors;

public sealed class ReductionTests
{
    private static readonly (Func<Tensor, Axes, bool, Tensor> Op, Func<double[], double> Naive, bool NeedsElements)[] Reductions =
    [
        (Np.Sum, v => v.Sum(), false),
        (Np.Prod, v => v.Aggregate(1.0, (p, x) => p * x), false),
        (Np.Mean, v => v.Sum() / v.Length, false),
        (Np.Max, v => v.Max(), true),
        (Np.Min, v => v.Min(), true),
        ((x, a, k) => Np.Var(x, a, k), Variance, false),
        ((x, a, k) => Np.Std(x, a, k), v => Math.Sqrt(Variance(v)), false),
        (Np.LogSumExp, v => Math.Log(v.Sum(Math.Exp)), true),
        (Np.All, v => v.All(x => x != 0) ? 1 : 0, false),
        (Np.Any, v => v.Any(x => x != 0) ? 1 : 0, false),
    ];

    private static double Variance(double[] v) => v.Sum(x => Math.Pow(x - v.Average(), 2)) / v.Length;

    [Fact]
    public void EveryCombinationOfAxesAgreesWithTheNaiveOne() => Property.Check(500, seed =>
    {
        var draw = new Draw(seed);
        var dims = draw.Dims(4, 4, empty: 0.08);
        var (op, naive, needsElements) = draw.Pick(Reductions);
        var axes = draw.Axes(dims.Length);
        var isAll = draw.Coin(0.2);
        int[] reduced = isAll ? [.. Enumerable.Range(0, dims.Length)] : axes;
        if (needsElements && reduced.Any(axis => dims[axis] == 0)) return;
        var x = draw.Coin(0.2) ? draw.Doubles(dims) * draw.Bools(dims) : draw.Doubles(dims);
        // Axes may be given from the end.
        var given = isAll ? Axes.All : Axes.Create([.. axes.Select(axis => draw.Coin() ? axis - dims.Length : axis)]);
        var keepDims = draw.Coin();
        NaiveArray.Of(x).Reduce(reduced, keepDims, naive).AssertEqual(op(x, given, keepDims), 1e-11);
    });

    [Fact]
    public void PositionsOfExtremesAreTheFirst() => Property.Check(150, seed =>
    {
        var draw = new Draw(seed);
        int[] dims = [.. draw.Dims(2, 4, empty: 0), draw.Random.Next(1, 6)];
        var x = draw.Ints(dims, 0, 4); // Few values, many ties.
        var axis = draw.Random.Next(dims.Length);
        var naive = NaiveArray.Of(x);
        naive.Reduce([axis], false, v => Array.IndexOf(v, v.Max())).AssertEqual(Np.ArgMax(x, axis));
        naive.Reduce([axis], false, v => Array.IndexOf(v, v.Min())).AssertEqual(Np.ArgMin(x, axis - dims.Length));
        var all = naive.Items.ToArray();
        Assert.Equal(Array.IndexOf(all, all.Max()), (int)Np.ArgMax(x));
        Assert.Equal(DType.Int32, Np.ArgMax(x).DType);
    });

    [Fact]
    public void NothingReducesToTheNeutralElement()
    {
        var empty = Np.Zeros([0, 2]);
        Assert.Equal([0f, 0f], Np.Sum(empty, 0).ToArray<float>());
        Assert.Equal([1f, 1f], Np.Prod(empty, 0).ToArray<float>());
        Assert.Equal([true, true], Np.All(empty, 0).ToArray<bool>());
        Assert.Equal([false, false], Np.Any(empty, 0).ToArray<bool>());
        Assert.All(Np.Mean(empty, 0).ToArray<float>(), v => Assert.True(float.IsNaN(v)));
        Assert.Empty(Np.Max(empty, 1).ToArray<float>());
        Assert.Equal("There is no largest or smallest element along axes (0,) of f32[0,2]: one of them is empty.",
            Assert.Throws<ArgumentException>(() => Np.Max(empty, 0)).Message);
    }

    [Theory]
    [InlineData(DType.Bool, DType.Int32)]
    [InlineData(DType.Int8, DType.Int32)]
    [InlineData(DType.Int16, DType.Int32)]
    [InlineData(DType.Int64, DType.Int64)]
    [InlineData(DType.UInt8, DType.UInt32)]
    [InlineData(DType.UInt16, DType.UInt32)]
    [InlineData(DType.UInt64, DType.UInt64)]
    [InlineData(DType.Float16, DType.Float16)]
    [InlineData(DType.BFloat16, DType.BFloat16)]
    [InlineData(DType.Float64, DType.Float64)]
    public void SumsOfSmallIntegersWiden(DType dtype, DType sum)
    {
        var x = Np.Ones([300], dtype);
        Assert.Equal(sum, Np.Sum(x).DType);
        Assert.Equal(sum, Np.Prod(x).DType);
        Assert.Equal(300, (double)Np.Sum(x));
        Assert.Equal(dtype.IsFloating ? dtype : DType.Float32, Np.Mean(x).DType);
        Assert.Equal(1.0, (double)Np.Mean(x));
    }

    [Fact]
    public void SmallFloatsAccumulateInFloat32()
    {
        // In float16, 2048 + 1 is 2048: adding one by one would stop there.
        Assert.Equal(4096.0, (double)Np.Sum(Np.Ones([4096], DType.Float16)));
        Assert.Equal(4096.0, (double)Np.Sum(Np.Ones([4096], DType.BFloat16)));
        Assert.Equal(1.0, (double)Np.Mean(Np.Ones([100_000], DType.Float16)));
    }

    [Fact]
    public void DegreesOfFreedomAreSubtracted()
    {
        Tensor x = new double[] { 1, 2, 4 };
        Approximately.Equal(7.0 / 3, Np.Var(x, ddof: 1), 1e-14);
        Approximately.Equal(14.0 / 9, Np.Var(x), 1e-14);
    }

    [Fact]
    public void ExtremesPropagateNaN()
    {
        Tensor x = new[] { 1f, float.NaN, 3f };
        Assert.True(float.IsNaN((float)Np.Max(x)));
        Assert.True(float.IsNaN((float)Np.Min(x)));
        Assert.Equal(1, (int)Np.ArgMax(x));
        Assert.Equal(1, (int)Np.ArgMin(x));
    }

    [Fact]
    public void LogSumExpDoesNotOverflow()
    {
        Approximately.Equal(1000 + Math.Log(2), Np.LogSumExp(new double[] { 1000, 1000 }), 1e-14);
        Assert.Equal(double.NegativeInfinity, (double)Np.LogSumExp(new[] { double.NegativeInfinity, double.NegativeInfinity }));
        Assert.Equal(double.PositiveInfinity, (double)Np.LogSumExp(new[] { 0, double.PositiveInfinity }));
    }

    [Fact]
    public void AxesOutsideOrTwiceAreRefused()
    {
        var x = Np.Zeros([2, 3]);
        Assert.Equal("Axis 2 is outside a tensor of rank 2. (Parameter 'axis')", Assert.Throws<ArgumentOutOfRangeException>(() => Np.Sum(x, 2)).Message);
        Assert.Equal("An axis is given twice in (0, -2). (Parameter 'axes')", Assert.Throws<ArgumentOutOfRangeException>(() => Np.Sum(x, [0, -2])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Np.ArgMax(x, -3));
    }
}
