using System.Runtime.CompilerServices;
using BrainState.Conformance.Gradients;
using BrainState.Differentiation;
using BrainState.Execution;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

public sealed class OpDerivativeTests
{
    /// <summary>Ops whose derivatives other tests check, and which; the conformance suite checks all others.</summary>
    private static readonly Dictionary<string, string> CheckedElsewhere = new()
    {
        ["psum"] = nameof(CollectiveDerivativeTests),
        ["pmax"] = nameof(CollectiveDerivativeTests),
        ["pmin"] = nameof(CollectiveDerivativeTests),
        ["axis_index"] = nameof(CollectiveDerivativeTests),
        ["ppermute"] = nameof(CollectiveDerivativeTests),
        ["all_gather"] = nameof(CollectiveDerivativeTests),
        ["reduce_scatter"] = nameof(CollectiveDerivativeTests),
        ["all_to_all"] = nameof(CollectiveDerivativeTests),
        ["reduce_precision"] = nameof(RoundingPassesTangentsRounded),
        ["debug_print"] = nameof(EffectsHappenOnceWithTheValues),
        ["error_if"] = nameof(EffectsHappenOnceWithTheValues),
    };

    /// <summary>Ops whose operands or results are never floating, so that a rule exists but no tangent reaches it.</summary>
    private static readonly string[] WithoutFloats = ["and", "or", "xor", "not", "shift_left", "shift_right_logical", "shift_right_arithmetic", "random_bits", "bitcast_convert_type",
        "reduce_xor", "population_count", "clz"];

    private static Dictionary<string, Type> OpTypes { get; } = typeof(Op).Assembly.GetTypes()
        .Where(static t => t.IsSubclassOf(typeof(Op)) && !t.IsAbstract)
        .ToDictionary(static t => ((Op)RuntimeHelpers.GetUninitializedObject(t)).Name);

    /// <summary>The ops whose derivatives every backend can compute alone.</summary>
    internal static IEnumerable<string> Differentiated => OpTypes.Keys.Except(CheckedElsewhere.Keys).Except(WithoutFloats);

    [Fact]
    public void EveryOpHasADerivative()
    {
        Assert.Empty(OpTypes.Keys.Except(OpRegistry.Names));
        var ruled = DerivativeRules.Jvps.Ops.Concat(DerivativeRules.Linearizations.Ops).Concat(Decompositions.Ops).Select(static t => ((Op)RuntimeHelpers.GetUninitializedObject(t)).Name).Distinct();
        Assert.Equal(OpTypes.Keys.Order(), ruled.Order());
    }

    [Fact]
    public void WhatALinearProgramCanContainHasATransposeRule()
    {
        OpCase[] more = [new("convert_element_type", "to another", x => x[0].AsType(DType.Float32), [[3]]), new("reduce_precision", "", x => Lax.ReducePrecision(x[0], 5, 3), [[3]]), .. CollectiveDerivativeTests.Cases];
        var reversible = OpCases.All.Where(static c => c.Op != "while").Concat(more);
        var linear = reversible.SelectMany(static item => Derivatives.LinearProgram(item.Function, item.Arguments).Equations).Select(static e => e.Op.GetType()).Distinct().ToArray();
        Assert.Empty(linear.Except(DerivativeRules.Transposes.Ops).Select(static t => t.Name));
        Assert.Empty(DerivativeRules.Transposes.Ops.Except(linear).Select(static t => t.Name));
    }

    [Fact]
    public void ConversionsBetweenPrecisionsConvertTheTangent()
    {
        Tensor x = new double[] { 0.1, 2 };
        var (_, tangent) = Jvp((Tensor v) => v.AsType(DType.Float32).AsType(DType.Float64) * 2, x, x);
        Assert.Equal(x.ToArray<double>().Select(v => (double)(float)v * 2), tangent.ToArray<double>());
        var gradient = Grad((Tensor v) => Np.Sum(v.AsType(DType.Float16))).Invoke(x);
        Assert.Equal(DType.Float64, gradient.DType);
        Assert.Equal([1.0, 1], gradient.ToArray<double>());
        Assert.Equal([0.0, 0], Grad((Tensor v) => Np.Sum(v.AsType(DType.Int32).AsType(DType.Float64))).Invoke(x).ToArray<double>());
    }

    [Fact]
    public void BitsAndConstantsHaveNoDerivative()
    {
        Tensor x = new double[] { 0.3, -2 };
        Assert.Equal([0.0, 0], Grad((Tensor v) => Np.Sum(Lax.BitcastConvertType(Lax.BitcastConvertType(v, DType.Int64), DType.Float64))).Invoke(x).ToArray<double>());
        Assert.Equal([0.0, 0], Grad((Tensor v) => Np.Sum(Lax.StopGradient(v))).Invoke(x).ToArray<double>());
        Assert.Equal([1.0, 1], Grad((Tensor v) => Np.Sum(v + Lax.StopGradient(v * v))).Invoke(x).ToArray<double>());
        Assert.Equal([0.0, 0], Grad((Tensor _) => Np.Array(1.0)).Invoke(x).ToArray<double>());
        Assert.Equal(1f, (float)Grad((Tensor v) => v).Invoke(Np.Array(3.0)));
    }

    [Fact]
    public void TiesShareTheGradient()
    {
        Tensor x = new double[] { 1, 3, 3, 2 };
        Assert.Equal([0, 0.5, 0.5, 0], Grad((Tensor v) => Np.Max(v)).Invoke(x).ToArray<double>());
        Assert.Equal([1.0, 0, 0, 0], Grad((Tensor v) => Np.Min(v)).Invoke(x).ToArray<double>());
        Assert.Equal([0.25, 0.25, 0.25, 0.25], Grad((Tensor v) => Np.Max(v)).Invoke(Np.ZerosLike(x)).ToArray<double>());
        Assert.Equal([0, 0.5, 0.5, 0], Grad((Tensor v) => Np.Sum(Np.Maximum(v, 3.0))).Invoke(x).ToArray<double>());
        Assert.Equal([1, 0.5, 0.5, 1], Grad((Tensor v) => Np.Sum(Np.Minimum(v, 3.0))).Invoke(x).ToArray<double>());
        Assert.Equal([1.0, 1, 1, 1], Grad((Tensor v) => Np.Sum(Np.Maximum(v, v))).Invoke(x).ToArray<double>());
        // At the bounds of clamp the derivative is 0, as in JAX.
        Assert.Equal([0.0, 0, 0, 1], Grad((Tensor v) => Np.Sum(Lax.Clamp(1.0, v, 3.0))).Invoke(x).ToArray<double>());
        Assert.Equal([0.0, 0, 0, 0], Grad((Tensor bound) => Np.Sum(Lax.Clamp(bound, x, 5.0))).Invoke(x).ToArray<double>());
        Assert.Equal([0.0, 0, 0, 0], Grad((Tensor bound) => Np.Sum(Lax.Clamp(0.0, x, bound))).Invoke(x).ToArray<double>());
    }

    [Fact]
    public void SpecialPointsHaveTheExactDerivative()
    {
        double At(Func<Tensor, Tensor> f, double x) => Grad(f).Invoke(Tensor.From<double>([x], [])).ToScalar<double>();
        Assert.Equal(0, At(Lax.Abs, 0));
        Assert.Equal(0, At(x => Np.Where(x > 0, x, 0.0), 0));
        Assert.Equal(0, At(Nn.Functional.Relu, 0));
        Assert.Equal(double.PositiveInfinity, At(Lax.Sqrt, 0));
        Assert.Equal(double.PositiveInfinity, At(Lax.Cbrt, 0));
        Assert.Equal(0, At(x => Lax.Pow(x, 0.0), 0));
        Assert.Equal(1, At(x => Lax.Pow(x, 1.0), 0));
        Assert.Equal(0, At(x => Lax.Pow(x, 2.5), 0));
        Assert.Equal(0, At(x => Lax.Pow(0.0, x), 2));
        Assert.Equal(0.5, At(x => Lax.Pow(x, 0.5), 1));
        Assert.Equal(Math.Log(0.5), At(x => Lax.Pow(0.5, x), 0), 15);
        Assert.Equal(0.5, At(x => Np.LogAddExp(x, 0.0), 0));
        Assert.Equal(0, At(x => Nn.Functional.Softplus(x), double.NegativeInfinity));
        Assert.Equal(1, At(x => Lax.IntegerPow(x, 1), 0));
        Assert.Equal(0, At(x => Lax.IntegerPow(x, 0), 0));
    }

    [Fact]
    public void RoundingPassesTangentsRounded()
    {
        using var scope = Backends.Reference.Enter();
        Tensor x = new double[] { 1.26, 3 }, t = new double[] { 0.26, 1 };
        Assert.Equal([0.25, 1], Jvp((Tensor v) => Lax.ReducePrecision(v, 8, 3), x, t).Tangent.ToArray<double>());
        Assert.Equal([0.25, 1], Vjp((Tensor v) => Lax.ReducePrecision(v, 8, 3), x).Pullback(t).ToArray<double>());
    }

    [Fact]
    public void EffectsHappenOnceWithTheValues()
    {
        Tensor Noisy(Tensor x)
        {
            Eager.Bind(new DebugPrint("{0}"), x * 2);
            Eager.Bind(new ErrorIf("{0}"), x > 5, x);
            return x * x;
        }
        var gradient = MakeJaxpr(x => Grad(Noisy).Invoke(x))(Np.Array(1)).Program;
        var said = new List<string>();
        var result = Interpreter.Run(gradient, [HostValue.Of<float>([], 3f)], new() { Print = said.Add });
        Assert.Equal(6f, result[0].ToArray<float>()[0]);
        Assert.Equal(["6.0"], said);
        Assert.Throws<ErrorIfException>(() => Interpreter.Run(gradient, [HostValue.Of<float>([], 6f)]));
    }

    [Fact]
    public void FactorisationsWithoutADerivativeSaySo()
    {
        using var scope = Backends.Reference.Enter();
        var tall = Np.Ones([3, 2]);
        string Message(Func<Tensor, Tensor> f) => Assert.Throws<NotSupportedException>(() => Jvp(f, tall, tall)).Message;
        Assert.Contains("fullMatrices: false", Message(x => Lax.Linalg.Qr(x, true).Q));
        Assert.Contains("fullMatrices: false", Message(x => Lax.Linalg.Svd(x, true).S));
        Assert.Contains("uniqueIndices", Message(x => Lax.ScatterMul(Np.Ones([3]), Tensor.From<int>([0, 1], [2, 1]), x[0], new([], [0], [0]))));
    }

    [Fact]
    public void OpsWithoutARuleSaySo()
    {
        var missing = Assert.Throws<NotSupportedException>(() => DerivativeRules.Jvps.For(new UnknownOp()));
        Assert.Equal("The op 'unknown' has no jvp rule.", missing.Message);
        Assert.Equal("The op 'tanh' has no transpose rule.", Assert.Throws<NotSupportedException>(() => DerivativeRules.Transposes.For(new Tanh())).Message);
    }

    private sealed record UnknownOp : Op
    {
        public override string Name => "unknown";

        public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands) => operands.ToArray();
    }
}
