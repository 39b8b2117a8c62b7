using System.Globalization;
using BrainState.Interpretation;
using BrainState.Programs;
using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>
/// Derivatives in the float64 inputs, in one random direction: jvp against central differences, ⟨v, J t⟩ = ⟨Jᵀ v, t⟩ for vjp, and of the gradient again both ways. Everything runs on the
/// backend under test.
/// </summary>
internal sealed record GradientCheck(double Tolerance, bool Second) : ProgramCheck
{
    /// <summary>Where the errors of truncation and of rounding are about the same.</summary>
    private const double Step = 1e-5;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"gradient {Tolerance:R} {(Second ? 2 : 1)}");

    public override Deviation Verify(ConformanceTarget target, Program program, HostValue[] inputs)
    {
        using var scope = target.Runtime.Enter();
        var random = new Random(inputs.Length);
        var function = Function.From(program);
        Tensor[] all = [.. inputs.Select(TensorValues.ToTensor)];
        Tensor[] x = [.. all.Where(static value => value.DType == DType.Float64)];

        // All float64 results in one vector, as a function of the float64 inputs.
        Tensor F(Tensor[] at)
        {
            var next = 0;
            var results = function.Invoke([.. all.Select(value => value.DType == DType.Float64 ? at[next++] : value)]);
            return Flat([.. results.Where(static r => r.DType == DType.Float64)]);
        }

        Tensor[] t = [.. x.Select(part => Direction(random, part.Shape))];
        var (y, dy) = Jvp(F, x, t);
        var v = Direction(random, y.Shape);
        var deviation = Compare(Difference(F, x, t), dy, Tolerance, "jvp and differences");

        var (value, pullback) = Vjp(F, x);
        deviation = deviation.Or(Compare(y, value, 1e-13, "values under jvp and vjp"));
        deviation = deviation.Or(Compare(Inner([v], [dy]), Inner(pullback(v), t), 1e-9, "jvp and vjp"));
        if (!Second || x.All(static part => part.Size == 0)) return deviation;

        Tensor[] Gradient(Tensor[] at) => Grad<Tensor[]>(q => Np.Sum(F(q) * v)).Invoke(at);
        var expected = Difference(at => Flat(Gradient(at)), x, t);
        deviation = deviation.Or(Compare(expected, Jvp(at => Flat(Gradient(at)), x, t).Tangent, 10 * Tolerance, "jvp of grad and differences"));
        return deviation.Or(Compare(expected, Flat(Grad<Tensor[]>(at => Inner(Gradient(at), t)).Invoke(x)), 10 * Tolerance, "grad of grad and differences"));
    }

    private static Tensor Direction(Random random, Shape shape)
    {
        var values = new double[shape.ElementCount];
        for (var i = 0; i < values.Length; i++) values[i] = (2 * random.NextDouble()) - 1;
        return Tensor.From<double>(values, shape);
    }

    private static Tensor Flat(Tensor[] parts) => parts.Length == 0 ? Np.Zeros([0], DType.Float64) : Np.Concatenate([.. parts.Select(static p => p.Flatten())]);

    private static Tensor Inner(Tensor[] a, Tensor[] b) => a.Zip(b, static (p, q) => Np.Sum(p * q)).Aggregate(Np.Zeros([], DType.Float64), static (sum, term) => sum + term);

    private static Tensor Difference(Func<Tensor[], Tensor> f, Tensor[] x, Tensor[] t)
    {
        Tensor At(double step) => f([.. x.Zip(t, (part, direction) => part + direction * step)]);
        return (At(Step) - At(-Step)) / (2 * Step);
    }

    private static Deviation Compare(Tensor expected, Tensor actual, double tolerance, string what)
    {
        try
        {
            return Agreement.Check([TensorValues.ToHost(expected)], [TensorValues.ToHost(actual)], tolerance);
        }
        catch (ConformanceException failure)
        {
            throw new ConformanceException($"{what} disagree: {failure.Message}", failure);
        }
    }
}
