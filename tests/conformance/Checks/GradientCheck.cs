using System.Globalization;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>
/// Derivatives in the float64 and complex128 inputs, or in those of them that are among the last <paramref name="Last"/> inputs, in one random direction: jvp against central differences,
/// ⟨v, J t⟩ = ⟨Jᵀ v, t⟩ for vjp, and of the gradient again both ways. Real and imaginary parts count as numbers of their own. Everything runs on the backend under test.
/// </summary>
/// <remarks>A program with <c>while</c> is differentiated forwards only, and one with <c>custom_vjp</c> backwards only.</remarks>
internal sealed record GradientCheck(double Tolerance, bool Second, int? Last) : ProgramCheck
{
    /// <summary>Where the errors of truncation and of rounding are about the same.</summary>
    private const double Step = 1e-5;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"gradient {Tolerance:R} {(Second ? 2 : 1)}{(Last is { } last ? $" last {last}" : "")}");

    public override Deviation Verify(ConformanceTarget target, Program program, HostValue[] inputs)
    {
        using var scope = target.Runtime.Enter();
        var random = new Random(inputs.Length);
        var function = Function.From(program);
        Tensor[] all = [.. inputs.Select(TensorValues.ToTensor)];
        var isMoving = all.Select((value, i) => IsDouble(value.DType) && i >= all.Length - (Last ?? all.Length)).ToArray();
        Tensor[] x = [.. all.Where((_, i) => isMoving[i]).SelectMany(Parts)];

        if (x.Length == 0 || !program.OutputSpecs.Any(static s => IsDouble(s.DType))) throw new ConformanceException("there is no argument or no result of float64 or complex128 to differentiate");

        // All results in one vector, as a function of the parts of the inputs.
        Tensor F(Tensor[] at)
        {
            var parts = new Queue<Tensor>(at);
            Tensor Next(Tensor value) => value.DType.IsFloating ? parts.Dequeue() : Lax.Complex(parts.Dequeue(), parts.Dequeue());
            var results = function.Invoke([.. all.Select((value, i) => isMoving[i] ? Next(value) : value)]);
            return Flat([.. results.Where(static r => IsDouble(r.DType)).SelectMany(Parts)]);
        }

        var (isForward, isReverse) = (!Equations.Contain<CustomVjp>(program), !Equations.Contain<While>(program));
        Tensor[] t = [.. x.Select(part => Direction(random, part.Shape))];
        var moved = Difference(F, x, t);
        var v = Direction(random, moved.Shape);
        var deviation = Deviation.None;
        if (isForward)
        {
            var dy = Jvp(F, x, t).Tangent;
            deviation = Compare(moved, dy, Tolerance, "jvp and differences");
            moved = dy;
        }
        if (!isReverse) return deviation;

        var (value, pullback) = Vjp(F, x);
        deviation = deviation.Or(Compare(F(x), value, 1e-13, "values with and without vjp"));
        deviation = deviation.Or(Compare(Inner([v], [moved]), Inner(pullback(v), t), isForward ? 1e-9 : Tolerance, isForward ? "jvp and vjp" : "differences and vjp"));
        if (!Second || x.All(static part => part.Size == 0)) return deviation;

        Tensor[] Gradient(Tensor[] at) => Grad<Tensor[]>(q => Np.Sum(F(q) * v)).Invoke(at);
        var expected = Difference(at => Flat(Gradient(at)), x, t);
        deviation = deviation.Or(Compare(expected, Jvp(at => Flat(Gradient(at)), x, t).Tangent, 10 * Tolerance, "jvp of grad and differences"));
        return deviation.Or(Compare(expected, Flat(Grad<Tensor[]>(at => Inner(Gradient(at), t)).Invoke(x)), 10 * Tolerance, "grad of grad and differences"));
    }

    private static bool IsDouble(DType dtype) => Precision.PartOf(dtype) == DType.Float64;

    private static Tensor[] Parts(Tensor value) => value.DType.IsFloating ? [value] : [Lax.Real(value), Lax.Imag(value)];

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
