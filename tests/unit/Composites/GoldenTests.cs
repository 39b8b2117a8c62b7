using BrainState.Nn;
using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Composites;

/// <summary>Values and gradients that PyTorch 1.13 gives in float64 for the same waves of numbers.</summary>
public sealed class GoldenTests
{
    /// <summary>sin(1.7 · i + phase) for the i-th element.</summary>
    private static Tensor Wave(Shape shape, double phase = 0) =>
        Tensor.From<double>([.. Enumerable.Range(0, (int)shape.ElementCount).Select(i => Math.Sin(1.7 * i + phase))], shape);

    private static void Check(Tensor actual, params double[] expected) => Approximately.Equal(expected, actual.Doubles(), 1e-11);

    [Fact]
    public void Gelu()
    {
        Tensor x = new[] { -3, -1, 0, 0.5, 2 };
        Check(Functional.Gelu(x), -0.0036373920817729943, -0.15880800939172324, 0, 0.34571400982514394, 1.954597694087775);
        Check(Functional.Gelu(x, approximate: false), -0.0040496940948903104, -0.15865525393145702, 0, 0.34573123063700656, 1.9544997361036416);
    }

    [Fact]
    public void CrossEntropy()
    {
        var labels = Tensor.From<int>([2, 0]);
        var (loss, pullback) = Vjp((Tensor x) => Functional.SoftmaxCrossEntropyWithIntegerLabels(x, labels), Wave([2, 3]));
        Check(loss, 1.7529778096427653, 2.3744802150796946);
        double[] gradient = [0.18823945046762972, 0.50744058772949563, -0.69568003819712543, -0.38760669084284471, 0.16453463339011454, 0.22307205745273015];
        Check(pullback(Wave([2], 1)), gradient);
        Check(Vjp((Tensor x) => Functional.SoftmaxCrossEntropy(x, Functional.OneHot(labels, 3)), Wave([2, 3])).Pullback(Wave([2], 1)), gradient);
    }

    [Fact]
    public void LayerNorm()
    {
        var (y, pullback) = Vjp((Tensor x, Tensor scale, Tensor bias) => Functional.LayerNorm(x, scale, bias, epsilon: 1e-5), Wave([2, 3]), Wave([3], 1), Wave([3], 2));
        Check(y, 0.52546349352170296, 0.063084413349526913, 0.11335985948379065, -0.26432898246596226, -0.3183503365359911, -1.629100919415581);
        var (dx, dscale, dbias) = pullback(Wave([2, 3], 3));
        Check(dx, 0.32700450999625058, -0.067015304742685494, -0.25998920525356528, 0.13560865548750489, -0.76820680116093021, 0.63259814567342509);
        Check(dscale, -1.4171076191586209, -1.5685815278884656, -0.89633966022817946);
        Check(dbias, Np.Sum(Wave([2, 3], 3), 0).Doubles());
    }

    [Fact]
    public void BatchNorm()
    {
        var x = Wave([3, 2]);
        var (y, pullback) = Vjp((Tensor v, Tensor scale, Tensor bias) => Functional.BatchNorm(v, scale, bias).Y, x, Wave([2], 1), Wave([2], 2));
        double[] normal = [0.69425699288130338, -0.18101348387597641, 0.0032503522297131289, -1.1317035738435082, 2.0303849353660284, -0.27679136500599583];
        Check(y, normal);
        var (dx, dscale, _) = pullback(Wave([3, 2], 3));
        Check(dx, 0.3299962815788387, 0.018129879786103462, -0.2174323129739914, 0.0020401418109637259, -0.11256396860484739, -0.020170021597067243);
        Check(dscale, -0.64981533254247137, -2.700336704997079);

        var (_, mean, variance) = Functional.BatchNorm(x);
        Check(mean, Np.Mean(x, 0).Doubles());
        Check(variance, Np.Var(x, 0).Doubles());
        Check(Functional.BatchNormInference(x, mean, variance, Wave([2], 1), Wave([2], 2)), normal);
        Check(Functional.BatchNorm(x.T, Wave([2], 1), Wave([2], 2), axis: 0).Y.T, normal);
    }

    [Fact]
    public void Attention()
    {
        var (q, k, v) = (Wave([1, 2, 2, 3]), Wave([1, 3, 2, 3], 1), Wave([1, 3, 2, 2], 2));
        var (y, pullback) = Vjp((Tensor query, Tensor key) => Functional.Attention(query, key, v, isCausal: true), q, k);
        double[] expected =
            [0.90929742682568171, -0.5298361409084934, -0.77276448755598715, 0.72896904012587593, 0.63556697070025181, -0.82506754864445753, -0.48551820036809279, 0.89737909251131409];
        Check(y, expected);
        var (dq, dk) = pullback(Wave([1, 2, 2, 2], 3));
        Check(dq, 0, 0, 0, 0, 0, 0, -0.058886245451157809, -0.0032312967796516504, 0.059718915050143768, -0.019446046157951341, -0.090509121649741023, 0.042769250174137477);
        Check(dk, 0.022636433004730096, 0.019992749526351123, -0.027788344409329712, -0.020524728723271338, 0.049736336670474883, 0.0077082224304327309,
            -0.022636433004730068, -0.019992749526351095, 0.027788344409329677, 0.020524728723271338, -0.049736336670474883, -0.0077082224304327309, 0, 0, 0, 0, 0, 0);

        var causal = Tensor.From<bool>([true, false, false, true, true, false], [2, 3]);
        Check(Functional.Attention(q, k, v, causal), expected);
        Check(Functional.Attention(q[0], k[0], v[0], isCausal: true), expected);
        // Heads that share keys are as keys repeated for each head.
        var one = Functional.Attention(q, k[TensorIndex.Ellipsis, 0..1, ..], v[TensorIndex.Ellipsis, 0..1, ..]);
        Tensor Twice(Tensor t) => Np.Concatenate([t[TensorIndex.Ellipsis, 0..1, ..], t[TensorIndex.Ellipsis, 0..1, ..]], 2);
        Check(one, Functional.Attention(q, Twice(k), Twice(v)).Doubles());
    }

    [Fact]
    public void LstmCell()
    {
        var (h, c, weight, bias) = (Wave([1, 2], 1), Wave([1, 2], 2), Wave([5, 8], 3), Wave([8], 4));
        var (newH, newC) = Functional.LstmCell(Wave([1, 3]), h, c, weight, bias);
        Check(newH, 0.40711604889543879, -0.15562762828965127);
        Check(newC, 0.63289248403042619, -0.51793620513076788);
        var dx = Grad((Tensor x) =>
        {
            var (a, b) = Functional.LstmCell(x, h, c, weight, bias);
            return Np.Sum(a) + Np.Sum(b);
        }).Invoke(Wave([1, 3]));
        Check(dx, 0.61256093253069821, -0.068798317374456963, -0.68296967987983392);
    }
}
