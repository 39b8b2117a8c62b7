using System.Numerics;

namespace BrainState.NumPy;

/// <summary>
/// Spreads an integer seed over as many well mixed 32-bit words as a generator needs, as <c>numpy.random.SeedSequence</c> does
/// for a single non-negative integer without spawn keys (M. E. O'Neill's <c>seed_seq</c> alternative with a pool of four words).
/// </summary>
internal static class SeedSequence
{
    private const int PoolSize = 4;
    private const int Shift = 16;
    private const uint InitialA = 0x43B0D7E5, MultiplierA = 0x931E8875;
    private const uint InitialB = 0x8B51F9DD, MultiplierB = 0x58F38DED;
    private const uint MixLeft = 0xCA01F9DD, MixRight = 0x4973F715;

    /// <summary>The first <paramref name="count"/> 64-bit words of state for <paramref name="entropy"/>.</summary>
    /// <param name="entropy">The seed; any size.</param>
    /// <param name="count">How many words; low half first, as on a little-endian machine.</param>
    /// <exception cref="ArgumentOutOfRangeException">The seed is negative.</exception>
    public static ulong[] Generate(BigInteger entropy, int count)
    {
        if (entropy.Sign < 0)
            throw new ArgumentOutOfRangeException(nameof(entropy), entropy, "A seed must be a non-negative integer.");

        var pool = Mix(Words(entropy));
        var hash = new Hash(InitialB, MultiplierB);
        var state = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            ulong low = hash.Next(pool[2 * i % PoolSize]);
            ulong high = hash.Next(pool[(2 * i + 1) % PoolSize]);
            state[i] = low | high << 32;
        }

        return state;
    }

    /// <summary>The seed in base 2^32, least significant word first; zero is one word.</summary>
    private static List<uint> Words(BigInteger value)
    {
        var words = new List<uint>();
        do
        {
            words.Add((uint)(value & uint.MaxValue));
            value >>= 32;
        }
        while (!value.IsZero);
        return words;
    }

    /// <summary>Hashes the words into the pool, lets every pool word touch every other, then folds in what did not fit.</summary>
    private static uint[] Mix(List<uint> words)
    {
        var hash = new Hash(InitialA, MultiplierA);
        var pool = new uint[PoolSize];
        for (var i = 0; i < PoolSize; i++)
            pool[i] = hash.Next(i < words.Count ? words[i] : 0);

        for (var source = 0; source < PoolSize; source++)
            for (var target = 0; target < PoolSize; target++)
                if (source != target)
                    pool[target] = Combine(pool[target], hash.Next(pool[source]));

        for (var extra = PoolSize; extra < words.Count; extra++)
            for (var target = 0; target < PoolSize; target++)
                pool[target] = Combine(pool[target], hash.Next(words[extra]));

        return pool;
    }

    private static uint Combine(uint x, uint y)
    {
        var mixed = unchecked(MixLeft * x - MixRight * y);
        return mixed ^ mixed >> Shift;
    }

    /// <summary>A multiplicative hash whose constant moves on with every word, so equal words hash differently.</summary>
    private struct Hash(uint initial, uint multiplier)
    {
        private uint constant = initial;

        public uint Next(uint value)
        {
            value ^= constant;
            constant = unchecked(constant * multiplier);
            value = unchecked(value * constant);
            return value ^ value >> Shift;
        }
    }
}
