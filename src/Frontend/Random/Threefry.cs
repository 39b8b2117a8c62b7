namespace BrainState;

/// <summary>
/// The threefry2x32 hash with 20 rounds as tensor arithmetic, for single blocks; whole arrays use <see cref="Lax.RandomBits"/>. J. Salmon et al.,
/// Parallel random numbers: as easy as 1, 2, 3 (2011).
/// </summary>
internal static class Threefry
{
    private static readonly int[][] Rotations = [[13, 15, 26, 6], [17, 29, 16, 24]];

    /// <summary>Two words from a key of two words and a counter of two words, all uint32 scalars.</summary>
    public static (Tensor First, Tensor Second) Hash(Tensor key0, Tensor key1, Tensor counter0, Tensor counter1)
    {
        Tensor[] keys = [key0, key1, Lax.Xor(Lax.Xor(key0, key1), Word(0x1BD11BDA))];
        var (x, y) = (Lax.Add(counter0, key0), Lax.Add(counter1, key1));
        for (var group = 0; group < 5; group++)
        {
            foreach (var rotation in Rotations[group % 2])
            {
                x = Lax.Add(x, y);
                y = Lax.Xor(x, Lax.Or(Lax.ShiftLeft(y, Word(rotation)), Lax.ShiftRightLogical(y, Word(32 - rotation))));
            }
            x = Lax.Add(x, keys[(group + 1) % 3]);
            y = Lax.Add(Lax.Add(y, keys[(group + 2) % 3]), Word(group + 1));
        }
        return (x, y);
    }

    private static Tensor Word(long value) => Lax.ConvertElementType(value, DType.UInt32);
}
