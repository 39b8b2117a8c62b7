using System.Numerics;

namespace BrainState.NumPy;

/// <summary>
/// NumPy's host generator, <c>numpy.random.default_rng(seed)</c>: the same draws in the same order, in plain .NET. It makes
/// data sets and golden values reproducible across the two worlds; random numbers inside transforms come from keys instead.
/// </summary>
/// <remarks>
/// Integers, doubles and uniforms are bit-exact. Normals are equal to NumPy's after rounding to float32; as float64 they
/// agree to about 1e-14 of the scale. Not thread-safe: use one generator per thread, or lock around it.
/// </remarks>
/// <example><code>
/// var rng = Generator.Default(0);
/// double[] x = rng.Uniform(-1.0, 1.0, 64);
/// double[] noise = rng.Normal(0.0, 0.1, 64);
/// </code></example>
public sealed class Generator
{
    private readonly Pcg64 bits;

    private Generator(BigInteger seed) => bits = new Pcg64(seed);

    /// <summary>The generator <c>numpy.random.default_rng(seed)</c>.</summary>
    /// <param name="seed">Any seed up to 64 bits.</param>
    public static Generator Default(ulong seed) => new(seed);

    /// <summary>The generator <c>numpy.random.default_rng(seed)</c> for a seed of any size.</summary>
    /// <param name="seed">A non-negative integer.</param>
    /// <exception cref="ArgumentOutOfRangeException">The seed is negative.</exception>
    public static Generator Default(BigInteger seed)
    {
        if (seed.Sign < 0)
            throw new ArgumentOutOfRangeException(nameof(seed), seed, "A seed must be a non-negative integer.");
        return new Generator(seed);
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64() => bits.NextUInt64();

    /// <summary>The next double in [0, 1): 53 random bits, <c>rng.random()</c>.</summary>
    public double NextDouble() => bits.NextDouble();

    /// <summary>Draws from the half-open interval [low, high): <c>rng.uniform(low, high, count)</c>.</summary>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end, not below <paramref name="low"/>.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">high &lt; low, an infinite or undefined range, or a negative count.</exception>
    public double[] Uniform(double low, double high, int count)
    {
        var range = high - low;
        if (!double.IsFinite(range) || range < 0)
            throw new ArgumentOutOfRangeException(nameof(high), high, $"high - low must be finite and not negative; low is {low}.");
        ArgumentOutOfRangeException.ThrowIfNegative(count);

        var values = new double[count];
        for (var i = 0; i < values.Length; i++)
            values[i] = low + range * bits.NextDouble();
        return values;
    }

    /// <summary>Draws from the normal distribution: <c>rng.normal(loc, scale, count)</c>.</summary>
    /// <param name="loc">Mean.</param>
    /// <param name="scale">Standard deviation, not negative.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative or undefined scale, or a negative count.</exception>
    public double[] Normal(double loc, double scale, int count)
    {
        if (double.IsNaN(scale) || double.IsNegative(scale))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale must not be negative.");
        ArgumentOutOfRangeException.ThrowIfNegative(count);

        var values = new double[count];
        for (var i = 0; i < values.Length; i++)
            values[i] = loc + scale * Ziggurat.Next(bits);
        return values;
    }
}
