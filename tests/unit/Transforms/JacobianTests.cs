using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>Jacobians, Hessians and gradient estimates against each other and against formulas.</summary>
public sealed class JacobianTests
{
    private sealed class Weights : Nn.Module
    {
        public ParamState A { get; } = new(Tensor.From<double>([0.5, -1, 2, 0.3], [2, 2]));

        public ParamState B { get; } = new(Tensor.From<double>([0.1, 0.7]));

        public HiddenState Calls { get; } = new(Tensor.From<double>([0], []));
    }

    private static readonly Tensor X = Tensor.From<double>([0.3, -1.2, 2]);
    private static readonly Tensor M = new Draw(1).Doubles([2, 3]);

    private static Tensor Map(Tensor x) => Np.Sin(M.MatMul(x)) * Np.Sum(x * x);

    [Fact]
    public void BothModesGiveTheSameJacobian()
    {
        var rows = JacRev(Map).Invoke(X);
        Assert.Equal(Shape.Create([2, 3]), rows.Shape);
        Approximately.Equal(rows.ToArray<double>(), JacFwd(Map).Invoke(X).ToArray<double>(), 1e-13);
        Approximately.Equal(rows.ToArray<double>(), Jit((Tensor x) => JacRev(Map).Invoke(x))(X).ToArray<double>(), 1e-13);
        for (var i = 0; i < 3; i++)
        {
            var direction = Np.Eye(3, dtype: DType.Float64)[i];
            Approximately.Equal(Jvp(Map, X, direction).Tangent.ToArray<double>(), rows[.., i].ToArray<double>(), 1e-13);
        }
    }

    [Fact]
    public void ShapesAreThoseOfResultThenInput()
    {
        Tensor x = new Draw(2).Doubles([2, 3]), y = new Draw(3).Doubles([3]);
        var (byX, byY) = JacRev((Tensor a, Tensor b) => Np.Tanh(a * b).T).AllArgs().Invoke(x, y);
        Assert.Equal((Shape.Create([3, 2, 2, 3]), Shape.Create([3, 2, 3])), (byX.Shape, byY.Shape));
        var (fx, fy) = JacFwd((Tensor a, Tensor b) => Np.Tanh(a * b).T).AllArgs().Invoke(x, y);
        Approximately.Equal(byX.ToArray<double>(), fx.ToArray<double>(), 1e-13);
        Approximately.Equal(byY.ToArray<double>(), fy.ToArray<double>(), 1e-13);
        Assert.All(JacRev((Tensor a) => Lax.StopGradient(a)).Invoke(y).ToArray<double>(), static v => Assert.Equal(0, v));
    }

    [Fact]
    public void StatesHaveJacobiansAndHessians()
    {
        var model = new Weights();
        var weights = model.States<ParamState>();
        Tensor Loss()
        {
            model.Calls.Value = model.Calls.Value + 1;
            return Np.Sum(Np.Exp(model.A.Value.MatMul(model.B.Value)));
        }
        var (jacobian, value) = JacRev(() => model.A.Value.MatMul(model.B.Value)).Of(weights).WithValue().Invoke();
        Assert.Equal(Shape.Create([2, 2, 2]), jacobian["a"].Shape);
        Assert.Equal(Shape.Create([2]), value.Shape);
        Approximately.Equal(model.A.Value.ToArray<double>(), jacobian["b"].ToArray<double>(), 1e-14);

        var hessian = Hessian(Loss, weights)();
        Assert.Equal(1, model.Calls.Value.ToScalar<double>());
        Assert.Equal(Shape.Create([2, 2, 2]), hessian["a"]["b"].Shape);
        var block = hessian["b"]["a"];
        Approximately.Equal(Np.Transpose(hessian["a"]["b"], [2, 0, 1]).ToArray<double>(), block.ToArray<double>(), 1e-12);
        var e = Np.Exp(model.A.Value.MatMul(model.B.Value));
        Approximately.Equal((model.A.Value.T * e).MatMul(model.A.Value).ToArray<double>(), hessian["b"]["b"].ToArray<double>(), 1e-12);
    }

    [Fact]
    public void TheHessianIsTheJacobianOfTheGradient()
    {
        Tensor Loss(Tensor x) => Np.Sum(Map(x) * Map(x));
        var hessian = Hessian(Loss)(X);
        Approximately.Equal(JacRev((Tensor x) => Grad(Loss).Invoke(x)).Invoke(X).ToArray<double>(), hessian.ToArray<double>(), 1e-11);
        Approximately.Equal(hessian.T.ToArray<double>(), hessian.ToArray<double>(), 1e-11);
    }

    [Fact]
    public void VectorGradIsTheGradientOfTheSum()
    {
        Approximately.Equal(Grad((Tensor x) => Np.Sum(Map(x))).Invoke(X).ToArray<double>(), VectorGrad(Map).Invoke(X).ToArray<double>(), 1e-14);
        Approximately.Equal(X.ToArray<double>().Select(Math.Cos).ToArray(), VectorGrad((Tensor x) => Np.Sin(x)).Invoke(X).ToArray<double>(), 1e-14);
    }

    [Fact]
    public void ForwardGradientsEstimateTheGradient()
    {
        Tensor Loss(Tensor x) => Np.Sum(Np.Sin(x) * x);
        var exact = Grad(Loss).Invoke(X).ToArray<double>();
        var options = new FwdGradOptions { Directions = 20_000, Key = Rng.PrngKey(3) };
        Approximately.Equal(exact, FwdGrad(Loss, options).Invoke(X).ToArray<double>(), 0.06);
        Assert.Equal(FwdGrad(Loss, options).Invoke(X).ToArray<double>(), FwdGrad(Loss, options).Invoke(X).ToArray<double>());
        Assert.NotEqual(FwdGrad(Loss).Invoke(X).ToArray<double>(), FwdGrad(Loss).Invoke(X).ToArray<double>());
        Assert.All(FwdGrad(Loss, options with { Clip = 0 }).Invoke(X).ToArray<double>(), static v => Assert.Equal(0, v));
    }

    [Fact]
    public void IntegersHaveNoJacobian() => Assert.Equal(
        "JacRev of lambda needs a floating result, but the function returned i32[3]. Convert it with AsType.",
        Assert.Throws<ArgumentException>(() => JacRev((Tensor x) => x.AsType(DType.Int32)).Invoke(X)).Message.Replace("IntegersHaveNoJacobian", "lambda"));
}
