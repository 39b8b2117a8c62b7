namespace BrainState.UnitTests.Cpu;

/// <summary>Test data: the special values of each dtype, then random ones.</summary>
internal static class Samples
{
    public static readonly DType[] Real =
    [
        DType.Int8, DType.Int16, DType.Int32, DType.Int64, DType.UInt8, DType.UInt16, DType.UInt32, DType.UInt64,
        DType.Float16, DType.BFloat16, DType.Float32, DType.Float64,
    ];

    public static readonly DType[] All = [DType.Bool, .. Real];

    public static IEnumerable<DType> OfKind(DTypeKinds kinds) => All.Where(dtype => dtype.Is(kinds));

    private static readonly double[] SpecialFloats =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e-45, -1e-45, 6e-8, 1e-40,
        65504, -65504, 65520, 3.4e38, -3.4e38, 1e-8, -1e-8, 0.999999, -0.999999, 88.7, -87.3, -103.9, 2147483648, -2147483648, 1e10, -1e10, 4e9, 127.5,
    ];

    private static readonly double[] Scales = [1e-3, 0.3, 1, 1, 3, 10, 80, 1000];

    public static Tensor Random(TensorSpec spec, int seed, double limit = double.PositiveInfinity, bool specials = true)
    {
        var random = new Random(seed);
        var specialCount = specials ? (spec.DType.IsFloating ? SpecialFloats.Length : 12) : 0;
        var offset = random.Next(Math.Max(1, specialCount));
        return Tensor.Of(spec, i =>
        {
            // In small tensors specials meet random values; large ones start with all of them.
            var isSpecial = specials && (spec.ElementCount < 3 * specialCount ? random.Next(3) == 0 : i < specialCount);
            return spec.DType.IsFloating ? Clip(isSpecial ? SpecialFloats[(i + offset) % specialCount] : Float(random), limit)
                : isSpecial ? SpecialInteger(spec.DType, (int)((i + offset) % specialCount)) : Integer(spec.DType, random);
        });
    }

    /// <summary>Modest numbers, for sums and products that should not overflow.</summary>
    public static Tensor Modest(TensorSpec spec, int seed)
    {
        var random = new Random(seed);
        return Tensor.Of(spec, _ => spec.DType.IsFloating
            ? Element.Of(random.NextDouble() * 2 - 0.9)
            : Element.Of((Int128)(random.Next(8) - (spec.DType.Is(DTypeKinds.Signed) ? 3 : 0))));
    }

    private static Element Clip(double value, double limit) => Element.Of(Math.Abs(value) > limit ? value % limit : value);

    private static double Float(Random random) => (random.NextDouble() * 2 - 1) * Scales[random.Next(Scales.Length)];

    private static Element Integer(DType dtype, Random random) => dtype == DType.Bool
        ? Element.Of(random.Next(2) == 1)
        : Element.Of((Int128)(random.Next(4) == 0 ? random.NextInt64() ^ random.NextInt64() << 1 : random.Next(-20, 100)));

    private static Element SpecialInteger(DType dtype, int index)
    {
        if (dtype == DType.Bool) return Element.Of(index % 2 == 0);
        var bits = 8 * dtype.Size;
        var (low, high) = dtype.Is(DTypeKinds.Signed)
            ? (-((Int128)1 << (bits - 1)), ((Int128)1 << (bits - 1)) - 1)
            : ((Int128)0, ((Int128)1 << bits) - 1);
        return Element.Of(index switch { 0 => low, 1 => high, 2 => -1, 3 => 0, 4 => 1, 5 => bits, 6 => bits - 1, 7 => bits + 1, 8 => low + 1, 9 => high - 1, 10 => 2, _ => 0 });
    }
}
