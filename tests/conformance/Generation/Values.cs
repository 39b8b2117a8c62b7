using System.Numerics;
using BrainState.Interpretation;

namespace BrainState.Conformance.Generation;

/// <summary>Values for inputs, from a seed.</summary>
internal static class Values
{
    /// <summary>Small numbers with few digits.</summary>
    public static HostValue[] Tame(IEnumerable<TensorSpec> specs, int seed) => Generate(specs, seed, ScalarGenerator.Tame);

    /// <summary>Anything, with preference for what is easily got wrong: NaN, infinities, −0, the largest and smallest numbers, random bits.</summary>
    public static HostValue[] Special(IEnumerable<TensorSpec> specs, int seed) => Generate(specs, seed, ScalarGenerator.Any);

    /// <summary>Numbers between −2 and 2 with all their digits.</summary>
    public static HostValue[] Moderate(IEnumerable<TensorSpec> specs, int seed) => Between(specs, -2, 2, seed);

    /// <summary>Numbers between two bounds with all their digits; integers and bools as <see cref="Tame"/>.</summary>
    public static HostValue[] Between(IEnumerable<TensorSpec> specs, double low, double high, int seed) => Generate(specs, seed, (random, dtype) =>
    {
        double Next() => low + ((high - low) * random.NextDouble());
        return dtype.Is(DTypeKinds.Inexact) ? Scalar.Of(dtype, new Complex(Next(), Next())) : ScalarGenerator.Tame(random, dtype);
    });

    /// <summary>1 and −1, and rarely 2 or ½, so that products of thousands are exact, and tell whether a factor was left out; integers and bools as <see cref="Tame"/>.</summary>
    public static HostValue[] Units(IEnumerable<TensorSpec> specs, int seed) => Generate(specs, seed, static (random, dtype) =>
        dtype.Is(DTypeKinds.Inexact)
            ? Scalar.Of(dtype, new Complex((random.Next(2) == 0 ? 1 : -1) * (random.Next(2000) == 0 ? random.Next(2) == 0 ? 2 : 0.5 : 1), 0))
            : ScalarGenerator.Tame(random, dtype));

    /// <summary>Matrices that are far from singular.</summary>
    public static HostValue[] Regular(IEnumerable<TensorSpec> specs, int seed)
    {
        var random = new Random(seed);
        return [.. specs.Select(spec => HostValue.Generate(spec, i =>
        {
            var isDiagonal = spec.Rank > 1 && i / spec.Shape[^1] % spec.Shape[^2] == i % spec.Shape[^1];
            return Scalar.Of(spec.DType, new Complex((random.NextDouble() * 2) - 1 + (isDiagonal ? 2 : 0), isDiagonal ? 0 : (random.NextDouble() * 2) - 1));
        }))];
    }

    private static HostValue[] Generate(IEnumerable<TensorSpec> specs, int seed, Func<Random, DType, Scalar> scalar)
    {
        var random = new Random(seed);
        return [.. specs.Select(spec => HostValue.Generate(spec, _ => scalar(random, spec.DType)))];
    }
}
