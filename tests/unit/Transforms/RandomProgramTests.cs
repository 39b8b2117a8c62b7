using BrainState.Nn;
using BrainState.Conformance.Generation;
using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>Random compositions of functions: gradients against differences, and compiled against eager.</summary>
public sealed class RandomProgramTests
{
    [Fact]
    public void GradientsAgreeWithDifferences() => Property.Check(600, seed =>
    {
        var (function, x, draw) = Make(seed);
        Derivatives.CheckGradient(function, x, draw);
    });

    [Fact]
    public void JitAgreesWithEager() => Property.Check(150, seed =>
    {
        var (function, x, _) = Make(10_000 + seed);
        Approximately.Same(function(x), Jit(function)(x), 1e-12);
        var (eager, jitted) = (Grad(function).Invoke(x), Jit((Tensor[] v) => Grad(function).Invoke(v))(x));
        for (var i = 0; i < x.Length; i++) Approximately.Same(eager[i], jitted[i], 1e-10);
    });

    [Fact]
    public void SecondDerivativesAgreeWithDifferences() => Property.Check(60, seed =>
    {
        var (function, x, draw) = Make(20_000 + seed, length: 5);
        Derivatives.Check(function, x, draw, "program", tolerance: 1e-5);
    });

    internal static (Func<Tensor[], Tensor> Function, Tensor[] Arguments, Draw Draw) Make(int seed, int? length = null)
    {
        var draw = new Draw(seed);
        var x = Enumerable.Range(0, draw.Random.Next(1, 4)).Select(_ => draw.Doubles(draw.Dims(3, 3, empty: 0.02), -1.5, 1.5)).ToArray();
        var steps = length ?? draw.Random.Next(3, 16);
        // The same choices at every call: the function of a seed is deterministic, whatever runs it.
        return (v => Run(v, new Draw(seed), steps), x, draw);
    }

    private static Tensor Run(Tensor[] arguments, Draw draw, int steps)
    {
        var values = new List<Tensor>(arguments);
        for (var i = 0; i < steps; i++) values.Add(Next(values, draw));
        return values.Select(static v => Np.Sum(Np.Tanh(v))).Aggregate(static (a, b) => a + b) + Np.Sum(values[^1] * 0.5);
    }

    private static readonly Func<Tensor, Tensor>[] Smooth =
    [
        Np.Sin, Np.Cos, Np.Tanh, Functional.Sigmoid, Functional.Softplus, Functional.Silu, Np.ArcTan, Np.ArcSinh, Lax.Erf, x => -x, x => x * 0.7, x => 1.5 - x,
        x => Np.Exp(Np.Tanh(x)), x => Np.Log(1.5 + Np.Square(Np.Sin(x))), x => Np.Sqrt(1 + Np.Square(x)), x => Np.Log1p(Np.Square(x)), x => Np.Square(Np.Tanh(x)),
        x => Np.Power(Np.Cos(x), 3), x => Np.Power(1 + Np.Square(Np.Tanh(x)), 1.5), x => Np.Reciprocal(1.5 + Np.Sin(x)), x => Np.Expm1(Np.Tanh(x)), x => Np.Cbrt(2 + Np.Cos(x)),
        x => Np.LogAddExp(x, 0.5), x => Np.Where(x > 0.1, Np.Sin(x), x * 2 - 0.1), x => Np.Abs(x - 0.3), x => Np.Clip(x, -0.8, 1.2), Functional.Relu, x => x.T, x => x.Flatten(),
        x => Np.Flip(x), x => Np.ExpandDims(x, 0), x => x[TensorIndex.Ellipsis, TensorIndex.NewAxis], x => Lax.StopGradient(Np.Sign(x)) * x,
        Jit((Tensor x) => Np.Sin(x) * x), x => Vjp((Tensor v) => Np.Sin(v) * v, x).Pullback(Np.Cos(x)), x => Jvp((Tensor v) => Np.Tanh(v) * 2, x, Np.Sin(x)).Tangent,
    ];

    private static readonly Func<Tensor, Tensor, Tensor>[] Pairs =
    [
        (a, b) => a + b, (a, b) => a - b, (a, b) => Np.Tanh(a) * b, (a, b) => a / (1.5 + Np.Square(b)), Np.Maximum, Np.Minimum, Np.LogAddExp,
        (a, b) => Np.ArcTan2(a, 2 + Np.Tanh(b)), (a, b) => Np.Power(1.5 + Np.Sin(a), Np.Tanh(b)), (a, b) => Np.Where(a > b, a, b * 0.5),
    ];

    private static Tensor Next(List<Tensor> values, Draw draw)
    {
        var x = draw.Pick([.. values]);
        var kind = draw.Random.Next(10);
        if (kind < 3 && Partner(values, x, draw) is { } y) return draw.Pick(Pairs)(x, y);
        if (kind == 3 && x.Rank > 0) return Reduced(x, draw);
        if (kind == 4 && x.Rank > 0 && x.Size > 0) return Rearranged(x, draw);
        if (kind == 5 && x.Rank > 0 && x.Size is > 0 and < 40) return Product(x, draw);
        var result = draw.Pick(Smooth)(x);
        return result.Rank > 4 ? Np.Sum(result, 0) : result;
    }

    /// <summary>A value whose shape broadcasts with that of x.</summary>
    private static Tensor? Partner(List<Tensor> values, Tensor x, Draw draw)
    {
        var fitting = values.Where(v =>
        {
            var common = Math.Min(v.Rank, x.Rank);
            return Enumerable.Range(1, common).All(i => v.Shape[^i] == x.Shape[^i] || v.Shape[^i] == 1 || x.Shape[^i] == 1);
        }).ToArray();
        return fitting.Length == 0 ? null : draw.Pick(fitting);
    }

    private static Tensor Reduced(Tensor x, Draw draw)
    {
        Axes axes = draw.Coin() ? Axes.All : Axes.Create(draw.Axes(x.Rank));
        var keepDims = draw.Coin();
        var isEmpty = x.Size == 0;
        return draw.Random.Next(isEmpty ? 2 : 6) switch
        {
            0 => Np.Sum(x, axes, keepDims) * 0.5,
            1 => Np.Prod(1 + 0.3 * Np.Tanh(x), axes, keepDims),
            2 => Np.Mean(x, axes, keepDims),
            3 => Np.Max(x, axes, keepDims),
            4 => Np.Var(x, axes, keepDims),
            _ => Np.LogSumExp(x, axes, keepDims),
        };
    }

    private static Tensor Rearranged(Tensor x, Draw draw)
    {
        var axis = draw.Random.Next(x.Rank);
        var position = draw.Random.Next(x.Shape[axis]);
        return draw.Random.Next(8) switch
        {
            0 => Np.Sort(x, axis),
            1 => Np.Concatenate([x, x * 0.5], axis),
            2 => Np.Stack([x, Np.Sin(x)], axis),
            3 => Np.Pad(x, [.. x.Shape.Select(_ => (draw.Random.Next(2), draw.Random.Next(2)))], 0.25),
            4 => Np.MoveAxis(x, axis, 0)[position],
            5 => Np.MoveAxis(x, axis, 0)[Np.ArgMax(x) % x.Shape[axis]],
            6 => Functional.Softmax(x, axis) * 2,
            _ => Np.MoveAxis(x, axis, 0)[TensorIndex.Slice(null, null, -1 - draw.Random.Next(2))],
        };
    }

    private static Tensor Product(Tensor x, Draw draw)
    {
        var last = x.Shape[^1];
        return draw.Random.Next(3) switch
        {
            0 => x.MatMul(draw.Doubles([last, 2], -1, 1)),
            1 => x.Rank > 1 ? x.MatMul(Np.SwapAxes(Np.Tanh(x), -1, -2)) * 0.3 : Np.Dot(x, Np.Sin(x)),
            _ => Np.TensorDot(x, draw.Doubles([last], -1, 1), 1),
        };
    }
}
