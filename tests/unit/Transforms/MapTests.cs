using BrainState.Ops;
using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>Map is a loop over the slices, whatever the batch size.</summary>
public sealed class MapTests
{
    public static TheoryData<int, int?> Sizes()
    {
        var data = new TheoryData<int, int?>();
        foreach (var length in (int[])[0, 1, 6, 7])
            foreach (var size in (int?[])[null, 1, 2, 3, 7, 100])
                data.Add(length, size);
        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void EverySliceGetsItsResult(int length, int? batchSize)
    {
        var draw = new Draw(length);
        var (xs, y) = (draw.Doubles([length, 3]), draw.Doubles([length]));
        var factor = draw.Doubles([3]);
        (Tensor Sum, Tensor[] Parts) F(Tensor x, Tensor s) => (Np.Sum(x * factor) * s, [Np.Sin(x), s]);

        foreach (var run in new Func<Tensor, Tensor, (Tensor Sum, Tensor[] Parts)>[] { (a, b) => Map(F, a, b, batchSize), Jit((Tensor a, Tensor b) => Map(F, a, b, batchSize)) })
        {
            var (sum, parts) = run(xs, y);
            Assert.Equal<Shape>([length], sum.Shape);
            Assert.Equal<Shape>([length, 3], parts[0].Shape);
            for (var i = 0; i < length; i++)
            {
                var (expected, expectedParts) = F(xs[i], y[i]);
                Approximately.Equal(expected.ToArray<double>(), sum[i].ToArray<double>(), 1e-14);
                Approximately.Equal(expectedParts[0].ToArray<double>(), parts[0][i].ToArray<double>(), 1e-14);
                Assert.Equal(y[i].ToScalar<double>(), parts[1][i].ToScalar<double>());
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    [InlineData(5)]
    public void ItCanBeDifferentiatedAndMapped(int? batchSize)
    {
        var draw = new Draw(1);
        Derivatives.Check(x => Map((Tensor a) => Np.Sin(a * x[1]), x[0], batchSize), [draw.Doubles([5, 2]), draw.Doubles([2])], draw, $"map by {batchSize}");
        var xs = draw.Doubles([3, 5]);
        var mapped = Vmap((Tensor row) => Map((Tensor a) => a * a + Np.Sum(row), row, batchSize))(xs);
        for (var i = 0; i < 3; i++)
            Approximately.Equal((xs[i] * xs[i] + Np.Sum(xs[i])).ToArray<double>(), mapped[i].ToArray<double>(), 1e-14);
    }

    [Fact]
    public void StatesAreCarriedOneByOneAndSharedInBatches()
    {
        var (total, scale) = (new LongTermState(0f, "total"), new ParamState(2f, "scale"));
        Tensor Add(Tensor x) => total.Value = total.Value + x * scale.Value;
        Assert.Equal([2f, 6, 12], Map(Add, (Tensor)new[] { 1f, 2, 3 }).ToArray<float>());
        Assert.Equal(12, total.Value.ToScalar<float>());
        Assert.Equal([2f, 4, 6], Map((Tensor x) => x * scale.Value, (Tensor)new[] { 1f, 2, 3 }, 2).ToArray<float>());

        Assert.Contains("'total'", Assert.Throws<BatchAxisException>(() => Map(Add, (Tensor)new[] { 1f, 2, 3 }, 2)).Message, StringComparison.Ordinal);
        Assert.Equal(12, total.Value.ToScalar<float>());
    }

    [Fact]
    public void EverySliceDrawsItsOwnNumbers()
    {
        var random = new RandomState(3);
        var drawn = Map((Tensor x) => x + random.Uniform(size: []), Np.Zeros([7]), 3).ToArray<float>();
        Assert.Equal(7, drawn.Distinct().Count());
        Assert.DoesNotContain(random.Uniform(size: []).ToScalar<float>(), drawn);
    }

    [Fact]
    public void BatchesAreOneLoopOverMappedLanes()
    {
        var program = MakeJaxpr((Tensor x) => Map((Tensor a) => Np.Sin(a), x, 4))(Np.Zeros([12])).Program;
        var scan = Assert.IsType<Scan>(Assert.Single(program.Equations, static e => e.Op is Scan).Op);
        Assert.Equal(3, scan.Length);
        Assert.Equal(new(DType.Float32, [4]), scan.Body.Inputs[^1]);
    }
}
