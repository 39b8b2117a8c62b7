namespace BrainState.NumPy;

/// <summary>
/// The Mersenne Twister MT19937 (M. Matsumoto and T. Nishimura, ACM TOMACS 8(1), 1998): 624 words of state, refreshed in one
/// block, each output tempered.
/// </summary>
internal sealed class Mt19937
{
    /// <summary>Words of state.</summary>
    public const int Length = 624;

    private const int Offset = 397;
    private const uint Matrix = 0x9908B0DF, UpperMask = 0x80000000, LowerMask = 0x7FFFFFFF;

    private readonly uint[] words = new uint[Length];
    private int position = Length;

    /// <summary>Index of the next word to temper, 0 to <see cref="Length"/>; at the end the block is refreshed first.</summary>
    public int Position => position;

    /// <summary>The words of the current block.</summary>
    public ReadOnlySpan<uint> Words => words;

    /// <summary>Fills the state from one word by D. E. Knuth's linear recurrence (TAOCP vol. 2, 3rd ed., p. 106).</summary>
    public void Seed(uint seed)
    {
        for (var i = 0; i < Length; i++)
        {
            words[i] = seed;
            seed = unchecked(1812433253u * (seed ^ seed >> 30) + (uint)i + 1u);
        }

        position = Length;
    }

    /// <summary>Replaces the whole state.</summary>
    public void Load(ReadOnlySpan<uint> newWords, int newPosition)
    {
        newWords.CopyTo(words);
        position = newPosition;
    }

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        if (position == Length)
            Refresh();

        var y = words[position++];
        y ^= y >> 11;
        y ^= y << 7 & 0x9D2C5680;
        y ^= y << 15 & 0xEFC60000;
        return y ^ y >> 18;
    }

    private void Refresh()
    {
        for (var i = 0; i < Length; i++)
        {
            var joined = words[i] & UpperMask | words[(i + 1) % Length] & LowerMask;
            words[i] = words[(i + Offset) % Length] ^ joined >> 1 ^ ((joined & 1) == 0 ? 0 : Matrix);
        }

        position = 0;
    }
}
