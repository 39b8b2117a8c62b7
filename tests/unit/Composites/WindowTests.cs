using BrainState.Nn;
using BrainState.Ops;
using BrainState.Conformance.Generation;
using BrainState.UnitTests.Tensors;

namespace BrainState.UnitTests.Composites;

/// <summary>Convolutions and pooling against loops over the formulas of their definitions.</summary>
public sealed class WindowTests
{
    /// <summary>A random geometry for one to three spatial axes.</summary>
    private sealed record Geometry(int[] Sizes, int[] Kernel, int[] Strides, int[] Dilation, EdgePadding[] Padding, int Groups)
    {
        public static Geometry Next(Draw draw)
        {
            int[] Each(int low, int high) => [.. Enumerable.Range(0, draw.Random.Next(1, 4)).Select(_ => draw.Random.Next(low, high))];
            var sizes = Each(1, 6);
            int[] Like(int low, int high) => [.. sizes.Select(_ => draw.Random.Next(low, high))];
            return new(sizes, Like(1, 4), Like(1, 4), Like(1, 3), [.. sizes.Select(_ => new EdgePadding(draw.Random.Next(4), draw.Random.Next(4)))], draw.Pick(1, 1, 2));
        }

        public int Extent(int axis) => (Kernel[axis] - 1) * Dilation[axis] + 1;

        /// <summary>The number of windows, or less than 1 if none fits.</summary>
        public int[] Windows() => [.. Sizes.Select((n, i) => n + Padding[i].Low + Padding[i].High < Extent(i) ? 0 : (n + Padding[i].Low + Padding[i].High - Extent(i)) / Strides[i] + 1)];
    }

    [Fact]
    public void ConvolutionIsItsSum() => Property.Check(60, seed =>
    {
        var draw = new Draw(seed);
        var g = Geometry.Next(draw);
        if (g.Windows().Contains(0)) return;
        var (x, kernel) = (draw.Doubles([2, .. g.Sizes, 2 * g.Groups]), draw.Doubles([.. g.Kernel, 2, 3 * g.Groups]));
        var (a, k) = (NaiveArray.Of(x), NaiveArray.Of(kernel));
        NaiveArray.Make([2, .. g.Windows(), 3 * g.Groups], at => NaiveArray.Indices(g.Kernel).Sum(q =>
        {
            int[] position = [.. q.Select((o, i) => at[i + 1] * g.Strides[i] + o * g.Dilation[i] - g.Padding[i].Low)];
            if (position.Where((p, i) => p < 0 || p >= g.Sizes[i]).Any()) return 0;
            return Enumerable.Range(0, 2).Sum(c => a[[at[0], .. position, at[^1] / 3 * 2 + c]] * k[[.. q, c, at[^1]]]);
        })).AssertEqual(Functional.Conv(x, kernel, g.Strides.ToValueArray(), Padding.Create(g.Padding), g.Dilation.ToValueArray(), g.Groups), 1e-12);
    });

    [Fact]
    public void TransposedConvolutionIsItsSum() => Property.Check(60, seed =>
    {
        var draw = new Draw(seed);
        var g = Geometry.Next(draw);
        int[] results = [.. g.Sizes.Select((n, i) => (n - 1) * g.Strides[i] + g.Extent(i) - g.Padding[i].Low - g.Padding[i].High)];
        if (results.Any(static n => n < 1)) return;
        var (x, kernel) = (draw.Doubles([2, .. g.Sizes, 2 * g.Groups]), draw.Doubles([.. g.Kernel, 3 * g.Groups, 2]));
        var (a, k) = (NaiveArray.Of(x), NaiveArray.Of(kernel));
        NaiveArray.Make([2, .. results, 3 * g.Groups], at => NaiveArray.Indices(g.Kernel).Sum(q =>
        {
            // The inputs that the kernel spreads to this place.
            int[] reached = [.. q.Select((o, i) => at[i + 1] + g.Padding[i].Low - o * g.Dilation[i])];
            if (reached.Where((p, i) => p < 0 || p % g.Strides[i] != 0 || p / g.Strides[i] >= g.Sizes[i]).Any()) return 0;
            int[] position = [.. reached.Select((p, i) => p / g.Strides[i])];
            return Enumerable.Range(0, 2).Sum(c => a[[at[0], .. position, at[^1] / 3 * 2 + c]] * k[[.. q, at[^1], c]]);
        })).AssertEqual(Functional.ConvTranspose(x, kernel, g.Strides.ToValueArray(), Padding.Create(g.Padding), g.Dilation.ToValueArray(), g.Groups), 1e-12);
    });

    [Fact]
    public void PoolsCombineWhatIsUnderTheWindow() => Property.Check(60, seed =>
    {
        var draw = new Draw(seed);
        var g = Geometry.Next(draw) with { Groups = 1 };
        g = g with { Dilation = [.. g.Dilation.Select(static _ => 1)], Padding = [.. g.Padding.Select((p, i) => new EdgePadding(Math.Min(p.Low, g.Kernel[i] - 1), Math.Min(p.High, g.Kernel[i] - 1)))] };
        if (g.Windows().Contains(0)) return;
        var x = draw.Doubles([2, .. g.Sizes, 2]);
        var a = NaiveArray.Of(x);
        NaiveArray Pool(Func<double[], double> combine) => NaiveArray.Make([2, .. g.Windows(), 2], at => combine([.. NaiveArray.Indices(g.Kernel)
            .Select(q => (int[])[.. q.Select((o, i) => at[i + 1] * g.Strides[i] + o - g.Padding[i].Low)])
            .Where(position => !position.Where((p, i) => p < 0 || p >= g.Sizes[i]).Any()).Select(position => a[[at[0], .. position, at[^1]]])]));
        var (size, strides, padding) = (g.Kernel.ToValueArray(), g.Strides.ToValueArray(), Padding.Create(g.Padding));
        Pool(static v => v.Max()).AssertEqual(Functional.MaxPool(x, size, strides, padding));
        Pool(static v => v.Average()).AssertEqual(Functional.AvgPool(x, size, strides, padding), 1e-14);
        var whole = (double)size.Aggregate(1, static (n, s) => n * s);
        Pool(v => v.Sum() / whole).AssertEqual(Functional.AvgPool(x, size, strides, padding, countPadding: true), 1e-14);
    });

    /// <summary>What brainstate's layers leave out: SAME convolutions, pools of whole windows, and a mean at every place.</summary>
    [Fact]
    public void Defaults()
    {
        var x = new Draw(1).Doubles([2, 7, 5, 3]);
        int[] Of(Tensor y) => y.Shape.ToArray();
        Assert.Equal([2, 7, 5, 4], Of(Functional.Conv(x, Np.Ones([3, 2, 3, 4], DType.Float64))));
        Assert.Equal([2, 4, 3, 4], Of(Functional.Conv(x, Np.Ones([3, 2, 3, 4], DType.Float64), strides: [2])));
        Assert.Equal([2, 5, 4, 4], Of(Functional.Conv(x, Np.Ones([3, 2, 3, 4], DType.Float64), padding: PaddingMode.Valid)));
        Assert.Equal([2, 14, 15, 4], Of(Functional.ConvTranspose(x, Np.Ones([3, 2, 4, 3], DType.Float64), strides: [2, 3])));
        Assert.Equal([2, 15, 15, 4], Of(Functional.ConvTranspose(x, Np.Ones([3, 2, 4, 3], DType.Float64), strides: [2, 3], padding: PaddingMode.Valid)));
        Assert.Equal([2, 3, 2, 3], Of(Functional.MaxPool(x, [2, 2])));
        Assert.Equal([2, 6, 4, 3], Of(Functional.AvgPool(x, [2, 2])));
        Assert.Equal([2, 7, 5, 3], Of(Functional.AvgPool(x, [2, 2], padding: PaddingMode.Same)));
    }

    [Fact]
    public void AnyNumberOfBatchAxes()
    {
        var draw = new Draw(1);
        var (x, kernel) = (draw.Doubles([2, 3, 4, 2]), draw.Doubles([3, 2, 2]));
        var all = Functional.Conv(x, kernel);
        Assert.Equal([2, 3, 4, 2], all.Shape.ToArray());
        Approximately.Same(Functional.Conv(x[1], kernel), all[1], 1e-14);
        Approximately.Same(Functional.Conv(x[1, 2], kernel), all[1, 2], 1e-14);
        Approximately.Same(Functional.MaxPool(x[0, 1], [2]), Functional.MaxPool(x, [2])[0, 1], 0);
    }

    [Fact]
    public void ErrorsNameTheShapes()
    {
        var x = Np.Ones([1, 4, 2]);
        Assert.Contains("f32[1,4,2]", Assert.Throws<ArgumentException>(() => Functional.Conv(x, Np.Ones([2, 2, 2, 2, 2]))).Message);
        Assert.Throws<OpConstraintException>(() => Functional.Conv(x, Np.Ones([3, 3, 2])));
        Assert.Equal("There are 2 entries for 1 spatial axes; give one for each or one for all. (Parameter 'strides')", Assert.Throws<ArgumentException>(() => Functional.Conv(x, Np.Ones([3, 2, 2]), strides: [1, 1])).Message);
        Assert.Equal("There are 2 paddings for 1 spatial axes.", Assert.Throws<ArgumentException>(() => Functional.MaxPool(x, [2], padding: [new(0, 0), new(0, 0)])).Message);
    }
}
