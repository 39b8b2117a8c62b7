using BrainState.Nn;
using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Composites;

/// <summary>Numbers at which a careless formula overflows, cancels or divides by zero.</summary>
public sealed class ExtremeTests
{
    private const double Inf = double.PositiveInfinity;

    [Fact]
    public void LargeLogitsDoNotOverflow()
    {
        Tensor x = new[] { 1e4f, 1e4f - 1, -1e4f };
        var p = 1 / (1 + Math.Exp(-1));
        Approximately.Equal([p, 1 - p, 0], Functional.Softmax(x).Doubles(), 1e-6);
        Approximately.Equal([Math.Log(p), Math.Log(p) - 1, Math.Log(p) - 2e4], Functional.LogSoftmax(x).Doubles(), 1e-6);
        // Relative to the largest logit, not to its own rounding.
        Approximately.Equal(-Math.Log(p), Functional.SoftmaxCrossEntropyWithIntegerLabels(x, 0), 1e-6);
        Approximately.Equal([p - 1, 1 - p, 0], Grad((Tensor v) => Functional.SoftmaxCrossEntropyWithIntegerLabels(v, 0)).Invoke(x).Doubles(), 1e-6);
    }

    [Fact]
    public void ExcludedClassesHaveProbabilityZero()
    {
        Tensor x = new[] { 0, -Inf, 0 };
        Assert.Equal([0.5, 0, 0.5], Functional.Softmax(x).Doubles());
        Approximately.Equal(Math.Log(2), Functional.SoftmaxCrossEntropyWithIntegerLabels(x, 2), 1e-15);
        Assert.Equal([0.5, 0, -0.5], Grad((Tensor v) => Functional.SoftmaxCrossEntropyWithIntegerLabels(v, 2)).Invoke(x).Doubles());
        Tensor labels = new[] { 0.25, 0, 0.75 };
        Approximately.Equal(Math.Log(2), Functional.SoftmaxCrossEntropy(x, labels), 1e-15);
        Assert.Equal([0.25, 0, -0.25], Grad((Tensor v) => Functional.SoftmaxCrossEntropy(v, labels)).Invoke(x).Doubles());
        Assert.All(Functional.Softmax(new[] { -Inf, -Inf }).Doubles(), static v => Assert.True(double.IsNaN(v)));
    }

    [Fact]
    public void LabelsOutsideCountForNothing()
    {
        Tensor x = new[,] { { 1.0, 2 }, { 3, -Inf } };
        var labels = Tensor.From<int>([-100, 2]);
        Assert.Equal([0.0, 0], Functional.SoftmaxCrossEntropyWithIntegerLabels(x, labels).Doubles());
        Assert.Equal([0.0, 0, 0, 0], Grad((Tensor v) => Np.Sum(Functional.SoftmaxCrossEntropyWithIntegerLabels(v, labels))).Invoke(x).Doubles());

        // 300 classes are more than the labels' dtype can count.
        var (logits, small) = (new Draw(1).Doubles([1, 300]), Tensor.From<byte>([44]));
        Approximately.Same(Functional.SoftmaxCrossEntropyWithIntegerLabels(logits, Tensor.From<int>([44])), Functional.SoftmaxCrossEntropyWithIntegerLabels(logits, small), 0);
        Assert.Equal(1.0, Np.Sum(Functional.OneHot(small, 300)).Doubles()[0]);
    }

    [Fact]
    public void GeluSaturates()
    {
        Tensor x = new[] { -1e30f, -40f, -6f, 40f, 1e30f };
        foreach (var approximate in (bool[])[true, false])
        {
            var y = Functional.Gelu(x, approximate).Doubles();
            Assert.Equal([0.0, 0], y[..2]);
            Assert.True(y[2] is < 0 and > -1e-7);
            Assert.Equal([40, 1e30f], y[3..]);
            Assert.Equal([0, 0, 1, 1], Grad((Tensor v) => Np.Sum(Functional.Gelu(v, approximate))).Invoke(x).Doubles().Where((_, i) => i != 2));
            Assert.Equal([0, 0, 1, 1], Jvp((Tensor v) => Functional.Gelu(v, approximate), x, Np.OnesLike(x)).Tangent.Doubles().Where((_, i) => i != 2));
        }
    }

    [Fact]
    public void NormalisationOfAConstantIsZero()
    {
        Tensor x = new float[,] { { 1e6f, 1e6f, 1e6f }, { 1, 2, 3 } };
        var y = Functional.LayerNorm(x).Doubles();
        Assert.Equal([0, 0, 0], y[..3]);
        Approximately.Equal([-Math.Sqrt(1.5), 0, Math.Sqrt(1.5)], y[3..], 1e-5);
        Assert.All(Grad((Tensor v) => Np.Sum(Np.Sin(Functional.LayerNorm(v)))).Invoke(x).Doubles(), static g => Assert.True(double.IsFinite(g)));

        Assert.Equal([0, 0, 0], Functional.BatchNorm(x.T).Y.Doubles().Where((_, i) => i % 2 == 0));
        Assert.All(Grad((Tensor v) => Np.Sum(Np.Sin(Functional.BatchNorm(v).Y))).Invoke(x.T).Doubles(), static g => Assert.True(double.IsFinite(g)));
        // The mean is far from 0: the mean of squares minus the square of the mean would leave nothing of the variance.
        Approximately.Equal([2.0 / 3], Functional.BatchNorm((Tensor)new[,] { { 10001f }, { 10002f }, { 10003f } }).Variance.Doubles(), 1e-6);
    }

    [Fact]
    public void AQueryWithoutKeysGivesZeroAndHasNoGradient()
    {
        var draw = new Draw(1);
        Tensor[] x = [draw.Doubles([1, 2, 1, 3]), draw.Doubles([1, 4, 1, 3]), draw.Doubles([1, 4, 1, 2])];
        var mask = Tensor.From<bool>([false, false, false, false, true, false, true, true], [2, 4]);
        var (y, pullback) = Vjp((Tensor q, Tensor k, Tensor v) => Functional.Attention(q, k, v, mask), x[0], x[1], x[2]);
        Assert.Equal([0.0, 0], y.Doubles()[..2]);
        var (dq, dk, dv) = pullback(Np.OnesLike(y));
        Assert.Equal([0.0, 0, 0], dq.Doubles()[..3]);
        Assert.All([.. dq.Doubles(), .. dk.Doubles(), .. dv.Doubles()], static g => Assert.True(double.IsFinite(g)));
        Assert.Equal([0.0, 0, 0], dk.Doubles()[3..6]);
        Approximately.Equal([1, 1], Np.Sum(dv, 1).Doubles(), 1e-14);

        // Scores of ±10⁴ neither overflow nor vanish.
        Assert.Equal(x[2][0, 0].Doubles(), Functional.Attention(Tensor.From<double>([1e4], [1, 1, 1]), Tensor.From<double>([1, 0, -1, 0.5], [4, 1, 1]), x[2][0], scale: 1)[0].Doubles());
    }

    [Fact]
    public void DropoutKeepsTheMeanAndItsDraw()
    {
        var (key, x) = (Rng.PrngKey(3), Np.Ones([200, 50]));
        var y = Functional.Dropout(x, key, 0.8).Doubles();
        Assert.All(y, static v => Assert.True(v is 0 or 1.25));
        Assert.Equal(0.8, y.Count(static v => v > 0) / 1e4, 0.02);
        Approximately.Same(Functional.Dropout(x, key, 0.8), Grad((Tensor v) => Np.Sum(Functional.Dropout(v, key, 0.8))).Invoke(x), 0);
        // The draws do not depend on the dtype or the precision.
        using (Environ.Context(Environ.Precision, 64)) Assert.Equal(y, Functional.Dropout(x.AsType(DType.Float64), key, 0.8).Doubles());
        Assert.All(Functional.Dropout(x, key, 0).Doubles(), static v => Assert.Equal(0, v));
        Assert.Equal(x.Doubles(), Functional.Dropout(x, key, 1).Doubles());
        var rows = Functional.Dropout(x, key, 0.5, 1);
        Approximately.Same(rows, Broadcasting.To(rows[.., 0..1], x.Shape), 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => Functional.Dropout(x, key, double.NaN));
    }

    [Fact]
    public void EmbeddingReadsAndAddsUpRows()
    {
        Tensor table = new[,] { { 1.0, 2 }, { 3, 4 }, { 5, 6 } };
        var indices = Tensor.From<int>([2, -1, 0, 2]);
        Assert.Equal([5, 6, 5, 6, 1, 2, 5, 6], Functional.Embedding(table, indices).Doubles());
        Assert.Equal([1, 1, 0, 0, 3, 3], Grad((Tensor t) => Np.Sum(Functional.Embedding(t, indices))).Invoke(table).Doubles());
        Assert.Equal([1, 1, 0, 0, 0, 0], Grad((Tensor t) => Np.Sum(Functional.Embedding(t, indices, paddingIndex: -1))).Invoke(table).Doubles());
        Assert.All(Functional.Embedding(table, Tensor.From<int>([3])).Doubles(), static v => Assert.True(double.IsNaN(v)));
        Assert.Equal([0, 0, 0, 0, 0, 0], Grad((Tensor t) => Np.Sum(Functional.Embedding(t, Tensor.From<int>([7])))).Invoke(table).Doubles());
    }

    [Fact]
    public void IntegersBecomeFloats()
    {
        Assert.Equal(DType.Float32, Functional.Softmax(Tensor.From<int>([1, 2])).DType);
        Assert.Equal(DType.Float32, Functional.Gelu(Tensor.From<int>([1, 2])).DType);
        Assert.Throws<ArgumentException>(() => Functional.SoftmaxCrossEntropyWithIntegerLabels(Np.Ones([2, 3]), Np.Ones([2])));
        Assert.Throws<ArgumentException>(() => Functional.LayerNorm(Np.Ones([2, 3]), scale: Np.Ones([2])));
    }
}
