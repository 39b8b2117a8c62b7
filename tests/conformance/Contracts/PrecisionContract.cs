using BrainState.Interpretation;

namespace BrainState.Conformance;

/// <summary>What engines do to be quick that changes results: shorter products, other orders of operations, identities that do not hold for floats.</summary>
internal static class PrecisionContract
{
    public static IEnumerable<ConformanceCase> Cases =>
    [
        .. new[] { 4, 16, 64, 100 }.Select(static size => Behaviors.Case($"contract/precision/product_{size}", target => Product(target, size))),
        Behaviors.Case("contract/precision/batched_product", BatchedProduct),
        Behaviors.Case("contract/precision/convolution", Convolution),
        Behaviors.Case("contract/precision/no_fast_math", NoFastMath),
    ];

    /// <summary>1 + k/2¹⁷: seventeen digits that TF32 and bfloat16 do not have, and of which 64 can be added in float32.</summary>
    private static HostValue Long(TensorSpec spec)
    {
        var random = new Random(7);
        return HostValue.Generate(spec, _ => Scalar.Of((float)(1 + (random.Next(1 << 17) | 1) * Math.ScaleB(1, -17))));
    }

    private static HostValue Signs(TensorSpec spec)
    {
        var random = new Random(8);
        return HostValue.Generate(spec, _ => Scalar.Of(random.Next(2) == 0 ? 1f : -1f));
    }

    private const string Advice = "under Precision.Highest products have all digits of their operands: turn TF32 and bfloat16 shortcuts off";

    private static void Product(ConformanceTarget target, int size)
    {
        // The contracted axis has at most 32 elements, so that every order of adding is exact.
        var inner = Math.Min(size, 32);
        TensorSpec left = new(DType.Float32, [size, inner]), right = new(DType.Float32, [inner, size]);
        using var compiled = DirectProgram.Compile(target, Traced.Program([left, right], static x => [Lax.DotGeneral(x[0], x[1], [1], [0])]));
        foreach (var (a, b) in ((HostValue, HostValue)[])[(Long(left), Signs(right)), (Signs(left), Long(right))])
        {
            var (x, y) = (a.ToArray<float>(), b.ToArray<float>());
            var product = HostValue.Generate(new(DType.Float32, [size, size]), i =>
                Scalar.Of((float)Enumerable.Range(0, inner).Sum(k => (double)x[i / size * inner + k] * y[k * size + i % size])));
            Expect.Same(Advice, [product], compiled.Run(a, b));
        }
    }

    private static void BatchedProduct(ConformanceTarget target)
    {
        TensorSpec left = new(DType.Float32, [3, 4, 32]), right = new(DType.Float32, [3, 8, 32]);
        using var compiled = DirectProgram.Compile(target, Traced.Program([left, right], static x => [Lax.DotGeneral(x[0], x[1], [2], [2], [0], [0])]));
        compiled.Check(Advice, Long(left), Signs(right));
    }

    private static void Convolution(ConformanceTarget target)
    {
        TensorSpec image = new(DType.Float32, [1, 3, 9, 9]), kernel = new(DType.Float32, [4, 3, 3, 3]);
        using var compiled = DirectProgram.Compile(target, Traced.Program([image, kernel], static x => [Lax.Conv(x[0], x[1], [1, 1], PaddingMode.Same)]));
        compiled.Check(Advice, Long(image), Signs(kernel));
        compiled.Check(Advice, Signs(image), Long(kernel));
    }

    private static void NoFastMath(ConformanceTarget target)
    {
        TensorSpec spec = new(DType.Float32, [12]);
        using var compiled = DirectProgram.Compile(target, Traced.Program(spec, static x =>
            Lax.Concatenate([(x + 1e8f) - 1e8f, x - x, x * 0, x / x, Lax.ConvertElementType(Lax.Ne(x, x), DType.Float32), -(0 - x), Lax.Max(x, -x), (x * 3) / 3], 0)));
        compiled.Check("without FastMath the engine computes what is written, also for NaN, infinities and −0", HostValue.Of<float>([12],
            0, -0f, 1, -1.5f, 3, 7.25f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, 1e-30f, 5));
    }
}
