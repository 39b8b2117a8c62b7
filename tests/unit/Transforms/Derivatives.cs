using BrainState.Differentiation;
using BrainState.Programs;
using BrainState.Tracing;
using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>Checks derivatives in float64 against central differences and against each other.</summary>
internal static class Derivatives
{
    private const double Step = 1e-5;

    /// <summary>First derivatives forwards and backwards, and second derivatives over both.</summary>
    public static void Check(Func<Tensor[], Tensor> f, Tensor[] x, Draw draw, string what, double tolerance = 2e-6, bool second = true)
    {
        var t = Directions(x, draw);
        var (y, dy) = Jvp(f, x, t);
        var v = draw.Doubles(y.Shape);
        Approximately.Equal(Difference(f, x, t), dy.Doubles(), tolerance, $"{what}: jvp");

        var (value, pullback) = Vjp(f, x);
        Approximately.Same(y, value, 1e-14, $"{what}: value");
        Approximately.Equal([Dot(v, dy)], [Dot(pullback(v), t)], 1e-9, $"{what}: ⟨v, J t⟩ = ⟨Jᵀ v, t⟩");

        if (!second || x.All(static p => p.Size == 0)) return;
        Tensor[] Gradient(Tensor[] p) => Grad<Tensor[]>(q => Np.Sum(f(q) * v)).Invoke(p);
        Tensor Flat(Tensor[] parts) => Np.Concatenate([.. parts.Select(p => p.Flatten())]);
        var expected = Difference(p => Flat(Gradient(p)), x, t);
        var forwards = Jvp(p => Flat(Gradient(p)), x, t).Tangent;
        Approximately.Equal(expected, forwards.Doubles(), 10 * tolerance, $"{what}: jvp of grad");
        var backwards = Grad<Tensor[]>(p => Inner(Gradient(p), t)).Invoke(x);
        Approximately.Equal(expected, Flat(backwards).Doubles(), 10 * tolerance, $"{what}: grad of grad");
    }

    /// <summary>The gradient of a scalar function against its difference in one random direction.</summary>
    public static void CheckGradient(Func<Tensor[], Tensor> loss, Tensor[] x, Draw draw, double tolerance = 1e-5)
    {
        var t = Directions(x, draw);
        var jitted = Jit(loss);
        var gradient = Grad(loss).Invoke(x);
        for (var i = 0; i < x.Length; i++) Assert.Equal(x[i].Spec, gradient[i].Spec);
        Approximately.Equal(Difference(jitted, x, t), [Dot(gradient, t)], tolerance, "gradient");
    }

    /// <summary>The derivative of f along t as a central difference.</summary>
    public static double[] Difference(Func<Tensor[], Tensor> f, Tensor[] x, Tensor[] t)
    {
        double[] At(double step) => f([.. x.Zip(t, (p, d) => p + d * step)]).Doubles();
        return [.. At(Step).Zip(At(-Step), static (a, b) => (a - b) / (2 * Step))];
    }

    public static Tensor[] Directions(Tensor[] x, Draw draw) => [.. x.Select(p => draw.Doubles(p.Shape, -1, 1))];

    /// <summary>The linear program of the derivative of f: what <c>Transpose</c> must be able to run backwards.</summary>
    public static Program LinearProgram(Func<Tensor[], Tensor> f, IEnumerable<TensorSpec> arguments)
    {
        var traced = Trace.Run([.. arguments.Select(static s => new Aval(s, false))], leaves => [f(leaves)]);
        var active = new bool[traced.Program.Inputs.Length];
        Array.Fill(active, true, traced.FirstArgument, traced.ArgumentCount);
        Linearized? derivative = null;
        Trace.Run([.. traced.Program.Inputs.Select(static s => new Aval(s, false))], inputs =>
        {
            (_, derivative) = ReverseMode.Linearize(traced.Program, inputs, ValueArray.Create<bool>(active));
            return [];
        });
        return derivative!.Program;
    }

    public static double Dot(Tensor a, Tensor b) => a.Doubles().Zip(b.Doubles(), static (p, q) => p * q).Sum();

    public static double Dot(Tensor[] a, Tensor[] b) => a.Zip(b, Dot).Sum();

    private static Tensor Inner(Tensor[] a, Tensor[] b) => a.Zip(b, static (p, q) => Np.Sum(p * q)).Aggregate(static (s, term) => s + term);
}
