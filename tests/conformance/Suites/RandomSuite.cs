using BrainState.Conformance.Generation;
using BrainState.Interpretation;
using BrainState.Ops;

namespace BrainState.Conformance;

/// <summary>Random numbers, whose bits are the same on every backend.</summary>
internal static class RandomSuite
{
    /// <summary>The suite.</summary>
    public static ConformanceSuite Suite { get; } = new("random", "bits, keys and draws against the interpreter and known answers; moments and quantiles", Generate);

    private static readonly DType[] Unsigned = [.. DType.All.Where(static dtype => dtype.Is(DTypeKinds.Unsigned))];
    private static readonly Shape[] Shapes = [[], [0], [1], [2, 3], [3, 0, 2], [1001], [4, 33]];
    private static readonly Shape[] Keys = [[1, 2], [3, 2], [2, 3, 2], [2, 0, 2]];

    private static IEnumerable<ConformanceCase> Generate(int seed) =>
    [
        .. KnownAnswers.Cases,
        .. from dtype in Unsigned from shape in Shapes select Bits(seed, dtype, [2], shape),
        .. from dtype in Unsigned from key in Keys select Bits(seed, dtype, key, [5]),
        .. Draws.Cases(seed),
        .. Distributions.Cases,
    ];

    private static ProgramCase Bits(int seed, DType dtype, Shape key, Shape shape)
    {
        var name = $"random/bits/{dtype.Name}/{string.Join('x', key)}/{string.Join('x', shape)}";
        TensorSpec spec = new(DType.UInt32, key);
        return new(name, Oracle.ProgramOf(new RandomBits(dtype, shape), [spec]), () => Values.Special([spec], Seeds.Of(seed, name)), ProgramCheck.Exact)
        {
            Subject = "random_bits", DType = dtype, IsQuick = true,
        };
    }
}
