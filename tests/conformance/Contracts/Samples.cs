using BrainState.Interpretation;

namespace BrainState.Conformance;

/// <summary>Values for the checks of the contract.</summary>
internal static class Samples
{
    public static readonly TensorSpec Vector = new(DType.Float32, [1000]);

    /// <summary>Small whole numbers, which floats add and multiply exactly.</summary>
    public static HostValue Whole(TensorSpec spec, int start = 1) => HostValue.Generate(spec, i => Scalar.Of(spec.DType, (double)((start + 7 * i) % 31 - 15)));

    /// <summary>Any bits, but a bool is 0 or 1.</summary>
    public static HostValue Bits(TensorSpec spec, int seed)
    {
        var bytes = new byte[spec.ByteCount];
        new Random(seed).NextBytes(bytes);
        if (spec.DType == DType.Bool)
            for (var i = 0; i < bytes.Length; i++) bytes[i] &= 1;
        return HostValue.Of(spec, bytes);
    }

    /// <summary>Checks that the backend still works: after a failure it must.</summary>
    public static void CheckAlive(ConformanceTarget target, string after)
    {
        using var program = DirectProgram.Compile(target, Vector, static x => x * 3 + 1);
        program.Check($"after {after}, another program", Whole(Vector));
    }
}
