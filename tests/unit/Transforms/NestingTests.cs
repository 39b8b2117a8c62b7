using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>Transforms of transforms, and what they close over.</summary>
public sealed class NestingTests
{
    private static readonly Tensor X = Tensor.From<double>([0.3, -1.2, 2]);

    private static Tensor Cubes(Tensor x) => Np.Sum(x * x * x);

    [Fact]
    public void GradOfGrad()
    {
        var third = Grad((Tensor x) => Grad((Tensor y) => Grad((Tensor z) => z * z * z * z).Invoke(y)).Invoke(x));
        Assert.Equal(48, third.Invoke(Np.Array(2.0)).ToScalar<float>());
        var second = Grad(Grad((Tensor x) => Lax.Sin(x) * x));
        Approximately.Equal(2 * Math.Cos(0.7) - 0.7 * Math.Sin(0.7), second.Invoke(Tensor.From<double>([0.7], [])), 1e-14);
    }

    [Fact]
    public void GradInsideJitInsideGrad()
    {
        var inner = Jit((Tensor x) => Np.Sum(Grad(Cubes).Invoke(x) * x));
        Approximately.Equal(X.ToArray<double>().Select(x => 9 * x * x).ToArray(), Grad(inner).Invoke(X).ToArray<double>(), 1e-13);
        Assert.Equal(1, JitFunction.Of(inner).TraceCount);
        Approximately.Equal(3 * X.ToArray<double>().Sum(x => x * x * x), inner(X), 1e-13);
    }

    [Fact]
    public void JitInsideJitAndOfGrad()
    {
        var inner = Jit((Tensor x) => x * 2);
        var outer = Jit((Tensor x) => inner(inner(x)) + 1);
        Assert.Equal([5f, 9f], outer(new[] { 1f, 2f }).ToArray<float>());
        Assert.Equal((1, 1), (JitFunction.Of(inner).TraceCount, JitFunction.Of(outer).TraceCount));
        var gradient = Jit(Grad(Cubes));
        Approximately.Equal(X.ToArray<double>().Select(x => 3 * x * x).ToArray(), gradient(X).ToArray<double>(), 1e-13);
        var (g, value) = Jit(Grad(Cubes).WithValue())(X);
        Approximately.Same(gradient(X), g, 0);
        Approximately.Same(Cubes(X), value, 1e-14);
    }

    [Fact]
    public void JvpOfVjpAndVjpOfJvp()
    {
        Tensor v = Tensor.From<double>([1, 0.5, -1]), t = Tensor.From<double>([0.2, 1, 3]);
        var forward = Jvp((Tensor x) => Vjp((Tensor y) => y * y * y, x).Pullback(v), X, t).Tangent;
        var backward = Vjp((Tensor x) => Jvp((Tensor y) => y * y * y, x, t).Tangent, X).Pullback(v);
        var expected = X.ToArray<double>().Zip(v.ToArray<double>(), t.ToArray<double>()).Select(p => 6 * p.First * p.Second * p.Third).ToArray();
        Approximately.Equal(expected, forward.ToArray<double>(), 1e-13);
        Approximately.Equal(expected, backward.ToArray<double>(), 1e-13);
        Approximately.Equal(expected, Jit((Tensor x) => Jvp((Tensor z) => Vjp((Tensor y) => y * y * y, z).Pullback(v), x, t).Tangent)(X).ToArray<double>(), 1e-13);
    }

    [Fact]
    public void APullbackCanBeCalledAgain()
    {
        var runs = 0;
        var (value, pullback) = Vjp(
            (Tensor x) =>
            {
                runs++;
                return Np.Sin(x);
            }, X);
        Approximately.Same(Np.Sin(X), value, 0);
        var (once, twice) = (pullback(Np.Ones([3], DType.Float64)), pullback(Np.Full([3], 2.0, DType.Float64)));
        Approximately.Same(Np.Cos(X), once, 1e-15);
        Approximately.Same(Np.Cos(X) * 2, twice, 1e-15);
        Assert.Equal(1, runs);
    }

    [Fact]
    public void ConcreteTensorsThatAreClosedOverAreConstants()
    {
        var scale = Np.Full([3], 2.0, DType.Float64);
        var f = Jit((Tensor x) => x * scale);
        Approximately.Same(X * 2, f(X), 0);
        Approximately.Same(scale, Grad((Tensor x) => Np.Sum(x * scale)).Invoke(X), 0);
        Approximately.Same(X, Grad((Tensor s) => Np.Sum(Jit((Tensor x) => x * s)(X))).Invoke(scale), 0);
    }

    [Fact]
    public void TracedTensorsOfAnOuterTransformAreInputsOfTheInner()
    {
        Tensor Outer(Tensor a)
        {
            var inner = Jit((Tensor b) => a * b);
            return Np.Sum(Grad((Tensor c) => Np.Sum(inner(c) * a)).Invoke(a) + inner(a) * Jvp((Tensor d) => d * a, a, a).Tangent);
        }
        // a² + a · a · a · a, differentiated: 2a + 4a³.
        Approximately.Equal(X.ToArray<double>().Select(a => 2 * a + 4 * a * a * a).ToArray(), Grad(Outer).Invoke(X).ToArray<double>(), 1e-13);
        Approximately.Equal(X.ToArray<double>().Select(a => 2 * a + 4 * a * a * a).ToArray(), Jit(Grad(Outer))(X).ToArray<double>(), 1e-13);
    }

    [Fact]
    public void AJittedFunctionThatCapturesTracedTensorsIsTracedForEach()
    {
        Tensor? captured = null;
        var inner = Jit((Tensor b) => captured! * b);
        var outer = Jit((Tensor a) =>
        {
            captured = a;
            return inner(a) + inner(a);
        });
        Approximately.Same(X * X * 2, outer(X), 1e-15);
        Approximately.Same(X * 4, Grad((Tensor a) => Np.Sum(outer(a))).Invoke(X), 1e-15);
        var other = Jit((Tensor a) =>
        {
            captured = a * 2;
            return inner(a);
        });
        Approximately.Same(X * X * 2, other(X), 1e-15);
        captured = Np.Ones([3], DType.Float64);
        Approximately.Same(X, inner(X), 0);
    }

    [Fact]
    public void CapturesOfSeveralTransformsEndWithTheFirst()
    {
        Tensor? outer = null, middle = null;
        var inner = Jit((Tensor x) => x * outer! * middle!);
        var f = Jit((Tensor a) =>
        {
            outer = a;
            Tensor Loss(Tensor b)
            {
                middle = b;
                return Np.Sum(inner(b));
            }
            // The middle transform runs twice within the same outer one.
            return Grad(Loss).Invoke(a) + Grad(Loss).Invoke(a * 2);
        });
        Approximately.Same(X * X * 2 + X * X * 4, f(X), 1e-14);
    }

    [Fact]
    public void ARecursiveJittedFunctionKeepsEveryVariant()
    {
        Func<int, Tensor, Tensor>? power = null;
        power = Jit((int n, Tensor x) => n == 0 ? Np.OnesLike(x) : x * power!(n - 1, x));
        Approximately.Same(X * X * X, power(3, X), 1e-15);
        Approximately.Same(X * X, power(2, X), 1e-15);
        Assert.Equal(4, JitFunction.Of(power).TraceCount);
    }

    [Fact]
    public void EachTransformRunsTheDelegateOncePerCallAndJitOncePerKey()
    {
        var runs = 0;
        Tensor F(Tensor x)
        {
            runs++;
            return Np.Sum(x * x);
        }
        Grad(F).Invoke(X);
        Assert.Equal(1, runs);
        Grad(F).WithValue().Invoke(X);
        Assert.Equal(2, runs);
        Jvp(F, X, X);
        Assert.Equal(3, runs);
        Vjp(F, X).Pullback(Tensor.From<double>([1], []));
        Assert.Equal(4, runs);
        MakeJaxpr(F)(X);
        EvalShape(F, X);
        Assert.Equal(6, runs);
        var jitted = Jit(Grad(F));
        for (var i = 0; i < 3; i++) jitted(X);
        Assert.Equal(7, runs);
        Jit((Tensor x) => Grad(Grad((Tensor y) => F(y))).Invoke(x))(Tensor.From<double>([1], []));
        Assert.Equal(8, runs);
    }

    [Fact]
    public void IntegersBoolsAndRandomBitsAreEqualUnderJit()
    {
        Func<Tensor, Tensor, Tensor[]> f = (x, key) =>
        [
            Np.FloorDivide(x, 3), x % 3, Np.LeftShift(x, 2), x & 5, ~x, x > 1, Np.Sort(x), Np.ArgSort(x), Np.ArgMax(x), Np.Sum(x), Np.Any(x > 3), Rng.Bits(key, [5]), Rng.Bits(key, [3], DType.UInt8),
            Rng.Split(key, 3), Rng.FoldIn(key, 7), Rng.RandInt(key, [9], -4, 11), Rng.Permutation(key, 8), Rng.Bernoulli(key, 0.3, [9]),
            Lax.BitcastConvertType(Rng.Uniform(key, [9]), DType.UInt32), Lax.BitcastConvertType(Rng.Normal(key, [9]), DType.UInt32),
        ];
        Tensor x = new[] { 4, -7, 0, 4, int.MaxValue };
        var key = Rng.PrngKey(3);
        foreach (var (eager, jitted) in f(x, key).Zip(Jit(f)(x, key))) Approximately.Same(eager, jitted, 0);
    }

    [Fact]
    public void StatesWrittenInNestedTransformsAreWrittenOnce()
    {
        var counter = new LongTermState(Np.Zeros([], DType.Int32));
        Tensor F(Tensor x)
        {
            counter.Value += 1;
            return Np.Sum(x * x);
        }
        Grad(F).Invoke(X);
        Assert.Equal(1, (int)counter.Value);
        Jit(Grad(F))(X);
        Assert.Equal(2, (int)counter.Value);
        Jit((Tensor x) => Jvp(F, x, x).Tangent + Vjp(F, x).Value)(X);
        Assert.Equal(4, (int)counter.Value);
        MakeJaxpr(F)(X);
        EvalShape(F, X);
        Assert.Equal(4, (int)counter.Value);
    }

    [Fact]
    public void AFunctionThatOnlyChangesStatesCanBeCompiled()
    {
        var state = new ShortTermState(Np.Array(1.0));
        var increase = Jit((Tensor by) => { state.Value += by; });
        increase(2.0);
        increase(3.0);
        Assert.Equal(6f, (float)state.Value);
        Assert.Equal(1, JitFunction.Of(increase).TraceCount);
        Jit(() => { state.Value = state.Value * 2; })();
        Assert.Equal(12f, (float)state.Value);
    }
}
