using System.Runtime.CompilerServices;

namespace BrainState.Cpu.Vectors;

/// <summary>Spreads the bits of a mask to bools, eight lanes at a time, with integer arithmetic.</summary>
internal static unsafe class MaskBytes
{
    /// <summary>The low bit of every byte.</summary>
    public const ulong Ones = 0x0101010101010101;

    /// <summary>Writes <paramref name="count"/> bools, 0 or 1, from the low bits of <paramref name="bits"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong bits, int count, byte* bools)
    {
        if (count < 8)
        {
            var few = Spread(bits);
            Unsafe.CopyBlockUnaligned(bools, &few, (uint)count);
            return;
        }
        for (var i = 0; i < count; i += 8) *(ulong*)(bools + i) = Spread((bits >> i) & 0xFF);
    }

    /// <summary>Byte k of the product keeps bit k; adding 0x7F carries it into the byte's top bit, whatever its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Spread(ulong eightBits) =>
        (((eightBits * Ones) & 0x8040201008040201) + 0x7F7F7F7F7F7F7F7F) >> 7 & Ones;
}
