using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BrainState.NumPy;

/// <summary>
/// NumPy's legacy generator, the one behind <c>numpy.random.seed</c> and <c>numpy.random.randint</c>: MT19937 with the legacy
/// integer seeding, bit-exact. BrainState derives unseeded keys from it.
/// </summary>
/// <remarks>Not thread-safe: whoever shares an instance between threads locks around it.</remarks>
public sealed class LegacyRandom
{
    private readonly Mt19937 bits = new();

    /// <summary>A generator seeded from the operating system's entropy, like a fresh <c>numpy.random.RandomState()</c>.</summary>
    public LegacyRandom()
    {
        Span<uint> words = stackalloc uint[Mt19937.Length];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(words));
        words[0] = 0x80000000; // of the first word only the top bit is state; set, it makes the state non-zero
        bits.Load(words, Mt19937.Length);
    }

    /// <summary>A generator seeded as <c>numpy.random.RandomState(seed)</c>.</summary>
    public LegacyRandom(uint seed) => bits.Seed(seed);

    /// <summary>Starts over, as <c>numpy.random.seed(seed)</c> does.</summary>
    /// <param name="seed">Any 32-bit seed.</param>
    public void Seed(uint seed) => bits.Seed(seed);

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32() => bits.NextUInt32();

    /// <summary>A double in [0, 1) with 53 random bits: 27 of one word above 26 of the next, <c>numpy.random.random()</c>.</summary>
    public double NextDouble()
    {
        var high = bits.NextUInt32() >> 5;
        var low = bits.NextUInt32() >> 6;
        return (high * 67108864.0 + low) / 9007199254740992.0;
    }

    /// <summary>
    /// Integers in [low, highExclusive): <c>numpy.random.randint(low, high, count, dtype=numpy.uint32)</c>. Words are masked
    /// to the smallest sufficient power of two and rejected until they fit; the full range takes raw words.
    /// </summary>
    /// <param name="low">Smallest value.</param>
    /// <param name="highExclusive">One past the largest value, at most 2^32.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">An empty range, a bound beyond 2^32, or a negative count.</exception>
    public uint[] RandInt(uint low, ulong highExclusive, int count)
    {
        if (highExclusive <= low || highExclusive > 1UL << 32)
            throw new ArgumentOutOfRangeException(
                nameof(highExclusive), highExclusive, $"The upper bound must be above low ({low}) and at most 2^32.");
        ArgumentOutOfRangeException.ThrowIfNegative(count);

        var values = new uint[count];
        var span = (uint)(highExclusive - 1 - low);
        if (span == 0)
        {
            Array.Fill(values, low);
            return values;
        }

        var mask = uint.MaxValue >> BitOperations.LeadingZeroCount(span);
        for (var i = 0; i < values.Length; i++)
            values[i] = low + NextAtMost(span, mask);
        return values;
    }

    /// <summary>A snapshot of the state; later draws do not touch it.</summary>
    public State Save() => new([.. bits.Words], bits.Position);

    /// <summary>Continues from a snapshot.</summary>
    /// <param name="state">What <see cref="Save"/> gave, of this or another instance.</param>
    public void Restore(State state)
    {
        ArgumentNullException.ThrowIfNull(state);
        bits.Load(state.Key.AsSpan(), state.Position);
    }

    private uint NextAtMost(uint span, uint mask)
    {
        while (true)
        {
            var value = bits.NextUInt32() & mask;
            if (value <= span)
                return value;
        }
    }

    /// <summary>The state of a <see cref="LegacyRandom"/>, with the fields of <c>numpy.random.get_state()</c>.</summary>
    public sealed class State
    {
        /// <summary>A state from its words, as <c>numpy.random.set_state</c> takes it.</summary>
        /// <param name="key">The 624 words of the current block.</param>
        /// <param name="position">Index of the next word, 0 to 624.</param>
        /// <exception cref="ArgumentException">Not 624 words.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The position is outside 0 to 624.</exception>
        public State(ImmutableArray<uint> key, int position)
        {
            if (key.IsDefault || key.Length != Mt19937.Length)
                throw new ArgumentException($"The key must have {Mt19937.Length} words.", nameof(key));
            ArgumentOutOfRangeException.ThrowIfNegative(position);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(position, Mt19937.Length);
            Key = key;
            Position = position;
        }

        /// <summary>The 624 words of the current block.</summary>
        public ImmutableArray<uint> Key { get; }

        /// <summary>Index of the next word, 0 to 624.</summary>
        public int Position { get; }
    }
}
