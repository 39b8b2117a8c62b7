using BrainState.Interpretation;

namespace BrainState.Conformance.Generation;

/// <summary>Random operands from a seed.</summary>
internal sealed class HostDraw(int seed)
{
    private readonly Random random = new(seed);

    /// <summary>Float64 numbers in a range.</summary>
    public HostValue Doubles(Shape shape, double low = -2, double high = 2) => HostValue.Generate(new(DType.Float64, shape), _ => Scalar.Of(low + ((high - low) * random.NextDouble())));

    /// <summary>Int32 numbers in [low, high).</summary>
    public HostValue Ints(Shape shape, int low, int high) => HostValue.Generate(new(DType.Int32, shape), _ => Scalar.Of(DType.Int32, (long)random.Next(low, high)));

    public HostValue Bools(Shape shape) => HostValue.Generate(new(DType.Bool, shape), _ => Scalar.Of(random.Next(2) == 1));

    /// <summary>The key of a random stream.</summary>
    public HostValue Key() => HostValue.Of<uint>([2], 0, (uint)random.Next());

    /// <summary>Elements so far apart that no difference step, and no rounding to 11 bits, changes which is the largest.</summary>
    public HostValue Spread(Shape shape)
    {
        var values = Enumerable.Range(0, (int)shape.ElementCount).Select(static i => (i * 0.125) - 2).ToArray();
        random.Shuffle(values);
        return HostValue.Of<double>(shape, values);
    }
}
