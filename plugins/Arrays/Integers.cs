namespace BrainState.Arrays;

/// <summary>What integers and bools have of their own: bits, and a division that is always defined.</summary>
internal static class Integers
{
    public static Kernel? Of(Op op, DType dtype)
    {
        var width = 8 * dtype.Size;
        UInt128 Bits(Int128 x) => new Scalar(dtype, (UInt128)x).Bits;
        Kernel Shift(Func<Int128, int, Int128> shift, int farthest) => Kernels.Map<Int128, Int128>((x, y) => shift(x, y >= 0 && y < width ? (int)y : farthest));
        return op switch
        {
            Div => Kernels.Map<Int128, Int128>(static (x, y) => y == 0 ? -1 : x / y),
            Rem => Kernels.Map<Int128, Int128>(static (x, y) => y == 0 ? x : x % y),
            Sign => Kernels.Map<Int128, Int128>(static x => Int128.Sign(x)),
            And => Kernels.Map<Int128, Int128>(static (x, y) => x & y),
            Or => Kernels.Map<Int128, Int128>(static (x, y) => x | y),
            Xor => Kernels.Map<Int128, Int128>(static (x, y) => x ^ y),
            Not => Kernels.Map<Int128, Int128>(x => dtype == DType.Bool ? 1 - x : ~x),
            ShiftLeft => Shift(static (x, y) => y < 64 ? x << y : 0, farthest: 64),
            ShiftRightLogical => Shift((x, y) => (Int128)(Bits(x) >> y), farthest: 64),
            ShiftRightArithmetic => Shift((x, y) => (Int128)(Bits(x) << (128 - width)) >> (128 - width) >> y, farthest: 64),
            ReduceAnd and => Kernels.Rows<Int128, Int128>(and.Axes, row => row.Aggregate(dtype == DType.Bool ? 1 : Int128.NegativeOne, static (x, y) => x & y)),
            ReduceOr or => Kernels.Rows<Int128, Int128>(or.Axes, static row => row.Aggregate(Int128.Zero, static (x, y) => x | y)),
            RandomBits bits => (x, results) => Random(bits, Kernels.Elements<Int128>(x[0]), results),
            _ => null,
        };
    }

    private static NdArray[] Random(RandomBits op, Int128[] keys, TensorSpec[] results)
    {
        var count = (int)op.Shape.ElementCount;
        return Kernels.One(results, i =>
        {
            var (low, high) = Threefry((uint)keys[2 * (i / count)], (uint)keys[(2 * (i / count)) + 1], 0, (uint)(i % count));
            return op.DType == DType.UInt64 ? ((Int128)low << 32) | high : (Int128)(low ^ high);
        });
    }

    /// <summary>Threefry 2×32 with 20 rounds: J. Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (2011).</summary>
    private static (uint, uint) Threefry(uint key0, uint key1, uint x, uint y)
    {
        uint[] keys = [key0, key1, key0 ^ key1 ^ 0x1BD11BDA];
        int[] rotations = [13, 15, 26, 6, 17, 29, 16, 24];
        (x, y) = (x + key0, y + key1);
        for (var round = 1; round <= 20; round++)
        {
            x += y;
            y = BitOperations.RotateLeft(y, rotations[(round - 1) % 8]) ^ x;
            if (round % 4 == 0) (x, y) = (x + keys[round / 4 % 3], y + keys[((round / 4) + 1) % 3] + (uint)(round / 4));
        }
        return (x, y);
    }
}
