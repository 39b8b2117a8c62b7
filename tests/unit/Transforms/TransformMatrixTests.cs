using System.Text;
using BrainState.Nn;
using BrainState.UnitTests.Tensors;
using Xunit.Abstractions;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>
/// All pairs and triples of transforms around a stateful module. Each transform maps a function of one scalar to another with a meaning that plain C# can compute, so a
/// composition is checked against numbers: values, how States end, and derivatives by differences.
/// </summary>
public sealed class TransformMatrixTests(ITestOutputHelper output)
{
    /// <summary>f(x) = sin(w·x) + x·n, where n counts the calls.</summary>
    private sealed class Model : Module
    {
        public ParamState Weight { get; } = new(Tensor.From<double>([0.8], []));

        public HiddenState Calls { get; } = new(Tensor.From<double>([0], []));

        public Tensor Call(Tensor x)
        {
            Calls.Value = Calls.Value + 1;
            return Np.Sin(Weight.Value * x) + x * Calls.Value * 0.1;
        }
    }

    /// <summary>A transform of tensor functions, and the same in plain C# on numbers; the numbers take the state along.</summary>
    private sealed record Step(string Name, Func<Func<Tensor, Tensor>, Func<Tensor, Tensor>> Transform, Func<Numbers, Numbers> Meaning);

    /// <summary>A function of one number that changes the number of calls.</summary>
    private delegate (double Value, double Calls) Numbers(double x, double calls);

    private static readonly Step[] Steps =
    [
        new("jit", f => Jit(f), static f => f),
        new("grad", f => x => Grad(f).Invoke(x), static f => (x, n) => (Slope(f, x, n), f(x, n).Calls)),
        new("jvp", f => x => Jvp(f, x, Number(1)).Tangent, static f => (x, n) => (Slope(f, x, n), f(x, n).Calls)),
        new("vmap", f => x => Np.Sum(Vmap2((Tensor v) => f(v), new() { AxisSize = 2, OutAxes = 0 })(Np.Stack([x, x * 2])) * Np.Array(new[] { 1.0, 0.5 })), static f => (x, n) => (f(x, n).Value + 0.5 * f(2 * x, n).Value, f(x, n).Calls)),
        new("scan", f => x => Scan((Tensor c, Tensor v) => (f(c * v), c), x, Tensor.From<double>([1, 0.5])).Carry, static f => (x, n) => f(x, n) is var (y, m) ? f(0.5 * y, m) : default),
        // Lanes that chose differently would write different values into a State that they share, which is an error.
        new("cond", f => x => Cond(Number(1) > 0, f, v => v * 0, x), static f => f),
        new("while", f => x => BoundedWhileLoop(c => c.I < 2, c => (c.I + 1, f(c.X)), (I: Tensor.From<int>([0], []), X: x), 4, 2).X, static f => (x, n) => f(x, n) is var (y, m) ? f(y, m) : default),
        new("checkpoint", f => x => Checkpoint(f)(x), static f => f),
    ];

    private static Tensor Number(double value) => Tensor.From<double>([value], []);

    private static double Slope(Numbers f, double x, double n)
    {
        // A difference of fourth order, so that nested ones still have digits left.
        const double H = 4e-3;
        double At(double step) => f(x + step, n).Value;
        return (8 * (At(H) - At(-H)) - (At(2 * H) - At(-2 * H))) / (12 * H);
    }

    [Fact]
    public void EveryPairAndTripleComposes()
    {
        var failures = new List<string>();
        var table = new StringBuilder($"{"",-12}{string.Concat(Steps.Select(static s => $"{s.Name,-12}"))}\n");
        foreach (var outer in Steps)
        {
            table.Append($"{outer.Name,-12}");
            foreach (var inner in Steps)
            {
                var wrong = new[] { (Step?)null }.Concat(Steps).Select(innermost => Check(outer, inner, innermost)).OfType<string>().ToArray();
                failures.AddRange(wrong);
                table.Append($"{(wrong.Length == 0 ? "ok" : $"{wrong.Length} wrong"),-12}");
            }
            table.AppendLine();
        }
        output.WriteLine($"Outer transform (row) of inner one (column), alone and around each third:\n{table}");
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    private static string? Check(Step outer, Step inner, Step? innermost)
    {
        var name = $"{outer.Name}({inner.Name}({innermost?.Name ?? ""}))";
        var model = new Model();
        Func<Tensor, Tensor> f = model.Call;
        Numbers expected = static (x, n) => (Math.Sin(0.8 * x) + x * (n + 1) * 0.1, n + 1);
        foreach (var step in new[] { innermost, inner, outer }.OfType<Step>()) (f, expected) = (step.Transform(f), step.Meaning(expected));
        try
        {
            const double X = 0.37;
            var (value, calls) = expected(X, 0);
            var actual = f(Number(X)).ToScalar<double>();
            if (!(Math.Abs(actual - value) <= 1e-4 * (1 + Math.Abs(value)))) return $"{name} is {actual}, not {value}";
            return model.Calls.Value.ToScalar<double>() == calls ? null : $"{name} leaves {model.Calls.Value} calls, not {calls}";
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return $"{name} throws {error.GetType().Name}: {error.Message}";
        }
    }
}
