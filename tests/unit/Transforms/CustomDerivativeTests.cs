using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>Functions with derivatives of their own, under every transform.</summary>
public sealed class CustomDerivativeTests
{
    private sealed class Counter() : ShortTermState(Number(1));

    private static Tensor Number(double value) => Tensor.From<double>([value], []);

    /// <summary>x², with a derivative of 10x so that its use shows.</summary>
    private static readonly Func<Tensor, Tensor> Square10 = CustomVjp(
        (Tensor x) => x * x,
        x => (x * x, x),
        (x, ct) => ct * x * 10);

    private static readonly Func<Tensor, Tensor, Tensor> Product = CustomJvp(
        (Tensor x, Tensor y) => x * y,
        ((Tensor X, Tensor Y) p, (Tensor X, Tensor Y) t) => (p.X * p.Y, (t.X * p.Y + p.X * t.Y) * 3));

    [Fact]
    public void ReverseModeUsesTheBackwardFunction()
    {
        Assert.Equal(9, Square10(Number(3)).ToScalar<double>());
        Assert.Equal(30, Grad(Square10).Invoke(Number(3)).ToScalar<double>());
        Assert.Equal(30, Jit(Grad(Square10))(Number(3)).ToScalar<double>());
        Assert.Equal(10, Grad(Grad(Square10)).Invoke(Number(3)).ToScalar<double>());
        Assert.Equal(60, Grad((Tensor x) => Scan((Tensor c, Tensor _) => (c + Square10(x), c), Number(0), Np.Zeros([2])).Carry).Invoke(Number(3)).ToScalar<double>());
        Assert.Equal([10.0, 20], Vmap(x => Grad(Square10).Invoke(x))(Tensor.From<double>([1, 2])).ToArray<double>());
        Assert.Equal([10.0, 20], Grad((Tensor x) => Np.Sum(Vmap(Square10)(x))).Invoke(Tensor.From<double>([1, 2])).ToArray<double>());
    }

    [Fact]
    public void ForwardModeUsesTheJvpFunctionAndSoDoesReverseMode()
    {
        var (value, tangent) = Jvp(Product, (Number(2), Number(5)), (Number(1), Number(0)));
        Assert.Equal((10.0, 15.0), (value.ToScalar<double>(), tangent.ToScalar<double>()));
        Assert.Equal(15, Grad((Tensor x) => Product(x, Number(5))).Invoke(Number(2)).ToScalar<double>());
        Assert.Equal(12, Jit(Grad((Tensor x) => Product(x, x)))(Number(2)).ToScalar<double>());
        Assert.Equal(6, Grad(Grad((Tensor x) => Product(x, x))).Invoke(Number(2)).ToScalar<double>());
        Assert.Equal([6.0, 12], Grad((Tensor x) => Np.Sum(Vmap(y => Product(y, y))(x))).Invoke(Tensor.From<double>([1, 2])).ToArray<double>());
    }

    [Fact]
    public void TheDerivativeOfAJvpFunctionWithALoopIsTransposed()
    {
        var cube = CustomJvp(
            (Tensor x) => x * x * x,
            (x, t) => Scan((c, _) => ((c.Value * x, c.Tangent * x + c.Value * t), default(ValueTuple)), (Value: Number(1), Tangent: Number(0)), Np.Zeros([3])).Carry);
        Assert.Equal((8.0, 12.0), Grad(cube).WithValue().Invoke(Number(2)) is var (g, y) ? (y.ToScalar<double>(), g.ToScalar<double>()) : default);
    }

    [Fact]
    public void CapturesCountAsConstants()
    {
        var factor = new Counter { Value = Number(4) };
        var offset = Number(7);
        var scaled = CustomVjp((Tensor x) => x * factor.Value + offset, x => (x * factor.Value + offset, default(ValueTuple)), (_, ct) => ct * factor.Value * offset);
        Assert.Equal((15.0, 28.0), Jit(Grad(scaled).WithValue())(Number(2)) is var (g, y) ? (y.ToScalar<double>(), g.ToScalar<double>()) : default);

        string Message(Action action) => Assert.Throws<NotSupportedException>(action).Message;
        const string CaptureMessage = "A function with CustomVjp closes over a value, or reads a State, that is being differentiated; its derivative is defined for its arguments only. Pass the value as an argument.";
        Assert.Equal(CaptureMessage, Message(() => Grad((Tensor a) => CustomVjp((Tensor x) => x * a, x => (x * a, x), (x, ct) => ct * a)(a)).Invoke(Number(1))));
        Assert.Equal(CaptureMessage, Message(() => Grad(() => scaled(Number(1))).Of(factor).Invoke()));
        Assert.Equal(
            "A function with CustomVjp says what its derivative is in reverse mode only; Jvp and other uses of forward mode need CustomJvp.",
            Message(() => Jvp(Square10, Number(1), Number(1))));
    }

    [Fact]
    public void WritesAndOtherTypesAreErrors()
    {
        var state = new Counter();
        Assert.Equal(
            "A function with CustomVjp writes Counter; its derivative would not include that. Return the value, and write the State outside.",
            Assert.Throws<InvalidOperationException>(() => CustomVjp((Tensor x) => x, x => (x, x), (x, ct) =>
            {
                state.Value = ct;
                return ct;
            })(Number(1))).Message);
        Assert.Equal(
            "The cotangent that backward returns for CustomVjp must have the shapes and dtypes of the function's own, but tensor 0 is f64[1] instead of f64[].",
            Assert.Throws<ArgumentException>(() => CustomVjp((Tensor x) => x, x => (x, x), (x, ct) => ct.Reshape(1))(Number(1))).Message);
        Assert.Equal(
            "The value that forward returns for CustomVjp must have the structure of the function's own.",
            Assert.Throws<ArgumentException>(() => CustomVjp((Tensor x) => new[] { x }, x => (new[] { x, x }, x), (x, ct) => ct[0])(Number(1))).Message);
        Assert.Equal(1, state.Value.ToScalar<double>());
    }
}
