using System.Numerics;

namespace BrainState.NumPy;

/// <summary>
/// PCG64 with the XSL-RR output function (M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good
/// Algorithms for Random Number Generation", HMC-CS-2014-0905): a 128-bit linear congruential generator whose halves are
/// xor-ed and rotated by the top six bits. Seeded through <see cref="SeedSequence"/>, as <c>numpy.random.PCG64(seed)</c> is.
/// </summary>
internal sealed class Pcg64
{
    private static readonly UInt128 Multiplier = new(0x2360ED051FC65DA4, 0x4385DF649FCCF645);

    private readonly UInt128 increment;
    private UInt128 state;

    /// <summary>A stream for <paramref name="seed"/> (non-negative, any size).</summary>
    public Pcg64(BigInteger seed)
    {
        var words = SeedSequence.Generate(seed, 4);
        increment = new UInt128(words[2], words[3]) << 1 | 1;
        Step();
        state += new UInt128(words[0], words[1]);
        Step();
    }

    /// <summary>The next 64 random bits: one step, then the output of the new state.</summary>
    public ulong NextUInt64()
    {
        Step();
        var folded = (ulong)(state >> 64) ^ (ulong)state;
        return BitOperations.RotateRight(folded, (int)(state >> 122));
    }

    /// <summary>A double in [0, 1) on the grid of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1L << 53));

    private void Step() => state = unchecked(state * Multiplier + increment);
}
