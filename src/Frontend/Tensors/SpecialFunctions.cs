namespace BrainState;

/// <summary>
/// The gamma function's logarithm and its derivatives in terms of elementary functions: reflection for x &lt; ½ (Abramowitz and Stegun 6.1.17, 6.3.7, 6.4.7), recurrence
/// to arguments of at least 10 (6.1.15, 6.3.6, 6.4.6), and Stirling's series there (6.1.41, 6.3.18, 6.4.12).
/// </summary>
internal static class SpecialFunctions
{
    /// <summary>How far the recurrence shifts the argument; the series is then exact to double precision.</summary>
    private const int Shift = 10;

    // B₂ₖ / (2k·(2k − 1)), B₂ₖ / 2k and B₂ₖ with the Bernoulli numbers B₂, B₄, …
    private static readonly double[] LgammaSeries = [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156];
    private static readonly double[] DigammaSeries = [1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12];
    private static readonly double[] TrigammaSeries = [1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6];

    /// <summary>ln |Γ(x)|, as <see cref="Ops.Lgamma"/>.</summary>
    public static Tensor Lgamma(Tensor x) => Np.Accumulate(x, static x =>
    {
        var (isLeft, y, left) = Reflect(x);
        // Large arguments are not shifted, because their product would overflow.
        var isSmall = Lax.Lt(y, Shift);
        var z = Select(isSmall, Lax.Add(y, Shift), y);
        var product = Enumerable.Range(1, Shift - 1).Aggregate(y, (p, i) => Lax.Mul(p, Lax.Add(y, i)));
        var stirling = Lax.Add(Lax.Sub(Lax.Mul(Lax.Sub(z, 0.5), Lax.Log(z)), z), Lax.Add(Series(LgammaSeries, z, first: -1), Math.Log(2 * Math.PI) / 2));
        var right = Lax.Sub(stirling, Lax.Log(Select(isSmall, product, Lax.Full(x.Shape, 1, x.DType))));
        var reflected = Lax.Neg(Lax.Add(Lax.Log(Lax.Abs(SineOverPi(left))), right));
        var infinity = Lax.Full(x.Shape, double.PositiveInfinity, x.DType);
        return Select(Lax.Eq(Lax.Abs(x), infinity), infinity, Select(isLeft, reflected, right));
    });

    /// <summary>The derivative of ln Γ(x), as <see cref="Ops.Digamma"/>.</summary>
    public static Tensor Digamma(Tensor x) => Np.Accumulate(x, static x =>
    {
        var (isLeft, y, left) = Reflect(x);
        var z = Lax.Add(y, Shift);
        var right = Lax.Sub(Lax.Sub(Lax.Sub(Lax.Log(z), Lax.Div(0.5, z)), Series(DigammaSeries, z, first: -2)), Shifts(y, static v => Lax.Div(1, v)));
        var reflected = Lax.Sub(right, Lax.Div(Math.PI, Lax.Tan(Angle(left))));
        var isPole = Lax.And(isLeft, Lax.Eq(x, Lax.Round(x)));
        return Select(isPole, Lax.Full(x.Shape, double.NaN, x.DType), Select(isLeft, reflected, right));
    });

    /// <summary>The derivative of <see cref="Ops.Digamma"/>; +∞ at 0, −1, −2, ….</summary>
    public static Tensor Trigamma(Tensor x) => Np.Accumulate(x, static x =>
    {
        var (isLeft, y, left) = Reflect(x);
        var z = Lax.Add(y, Shift);
        var asymptotic = Lax.Add(Lax.Add(Lax.Div(1, z), Lax.Div(0.5, Lax.Square(z))), Series(TrigammaSeries, z, first: -3));
        var right = Lax.Add(asymptotic, Shifts(y, static v => Lax.Div(1, Lax.Square(v))));
        return Select(isLeft, Lax.Sub(Lax.Square(Lax.Div(Math.PI, Lax.Sin(Angle(left)))), right), right);
    });

    /// <summary>Whether x &lt; ½, the argument max(x, 1 − x) on the right, and x or, on the right, a harmless ¼ that keeps derivatives of the unused branch finite.</summary>
    private static (Tensor IsLeft, Tensor Right, Tensor Left) Reflect(Tensor x)
    {
        var isLeft = Lax.Lt(x, 0.5);
        return (isLeft, Select(isLeft, Lax.Sub(1, x), x), Select(isLeft, x, Lax.Full(x.Shape, 0.25, x.DType)));
    }

    /// <summary>π·x less the nearest multiple of π.</summary>
    private static Tensor Angle(Tensor x) => Lax.Mul(Lax.Sub(x, Lax.Round(x)), Math.PI);

    /// <summary>sin(πx)/π up to its sign. Next to an integer that is the distance to it, and π times a subnormal number would lose digits.</summary>
    private static Tensor SineOverPi(Tensor x)
    {
        var distance = Lax.Sub(x, Lax.Round(x));
        return Select(Lax.Lt(Lax.Abs(distance), 1e-10), distance, Lax.Div(Lax.Sin(Angle(x)), Math.PI));
    }

    /// <summary>The sum of a function at y, y + 1, … before the shifted argument.</summary>
    private static Tensor Shifts(Tensor y, Func<Tensor, Tensor> term) =>
        Enumerable.Range(1, Shift - 1).Aggregate(term(y), (sum, i) => Lax.Add(sum, term(Lax.Add(y, i))));

    /// <summary>Σ cₖ·z^(first − 2k), by Horner's rule.</summary>
    private static Tensor Series(double[] coefficients, Tensor z, int first)
    {
        var step = Lax.IntegerPow(z, -2);
        var sum = Lax.Full(z.Shape, coefficients[^1], z.DType);
        for (var k = coefficients.Length - 2; k >= 0; k--) sum = Lax.Add(Lax.Mul(sum, step), coefficients[k]);
        return Lax.Mul(sum, Lax.IntegerPow(z, first));
    }

    private static Tensor Select(Tensor condition, Tensor x, Tensor y) => Lax.SelectN(condition, y, x);
}
