using System.Numerics;

namespace BrainState.Conformance.Generation;

/// <summary>Random literals and names, with preference for those that are easily got wrong.</summary>
internal static class ScalarGenerator
{
    /// <summary>Words, words that look like syntax, and text that needs quotes.</summary>
    public static readonly string[] Names =
    [
        "relu", "jax.nn.relu", "_f", "x1", "nan", "inf", "return", "programmer", "program.1", "program", "None", "True", "False", "", " ", "1st",
        "it's", "back\\slash", "\\u0041", "two words", "tab\tline\n\u0001", "%1:f32[2]", "a=(b, c)]", "Grüße", "日本", "🙂", "\ud800", "{", "}", "'",
    ];

    /// <summary>Reals that rounding, parsing or printing gets wrong first.</summary>
    static readonly double[] Reals =
    [
        0, -0.0, 1, -1, 0.1, -2.5, 1e15, 1e16, 123456789, 1e-4, 1e-5, 7.038531e-26, 65504, 65520, float.MaxValue, float.Epsilon, 3.4028235677973366e38,
        double.MaxValue, double.Epsilon, double.MinValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity, Math.PI, 1.0 / 3,
    ];

    /// <summary>Any value of the dtype: special ones and random bits, NaNs with any payload included.</summary>
    public static Scalar Any(Random random, DType dtype)
    {
        if (dtype == DType.Bool) return Scalar.Of(random.Next(2) == 1);
        if (random.Next(3) == 0) return RandomBits(random, dtype);
        return dtype.Kind switch
        {
            DTypeKinds.Complex => Scalar.Of(dtype, new Complex(Real(random), Real(random))),
            DTypeKinds.Floating => Scalar.Of(dtype, Real(random)),
            _ => Scalar.Of(dtype, Integer(random, 64 - 8 * dtype.Size)),
        };
    }

    /// <summary>A small integer, or the smallest or largest signed one with so many bits less than 64.</summary>
    static long Integer(Random random, int less) => random.Next(5) switch { 0 => 0, 1 => -1, 2 => long.MinValue >> less, 3 => long.MaxValue >> less, _ => 7 };

    /// <summary>A small number with few digits.</summary>
    public static Scalar Tame(Random random, DType dtype)
    {
        if (dtype == DType.Bool) return Scalar.Of(random.Next(2) == 1);
        if (dtype.Is(DTypeKinds.Unsigned)) return Scalar.Of(dtype, (long)random.Next(4));
        if (dtype.IsInteger) return Scalar.Of(dtype, (long)random.Next(-3, 4));
        return Scalar.Of(dtype, new Complex(random.Next(-16, 17) / 8.0, random.Next(-16, 17) / 8.0));
    }

    /// <summary>A value with random bits.</summary>
    public static Scalar RandomBits(Random random, DType dtype)
    {
        if (dtype == DType.Bool) return Scalar.Of(random.Next(2) == 1);
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        // All exponent bits set, in a quarter of cases, makes NaNs.
        if (random.Next(4) == 0) bytes[Math.Max(0, dtype.Size - 2)..dtype.Size].Fill(0xFF);
        return Scalar.Read(dtype, bytes[..dtype.Size].ToArray());
    }

    static double Real(Random random) => Reals[random.Next(Reals.Length)];
}
