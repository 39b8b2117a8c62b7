using BrainState.Ops;

namespace BrainState.Execution;

/// <summary>Ops on the bits of integers and floats, by shifts and masks. H. S. Warren, Hacker's Delight, chapter 5.</summary>
internal static class BitDecompositions
{
    public static void Define()
    {
        Decompositions.Define<PopulationCount>((_, x) => CountBits(x[0]));
        Decompositions.Define<Clz>((_, x) =>
        {
            // All bits below the highest one are set; those above remain.
            var (smeared, width) = (x[0], 8 * x[0].DType.Size);
            for (var shift = 1; shift < width; shift *= 2) smeared = Lax.Or(smeared, Lax.ShiftRightLogical(smeared, shift));
            return Lax.Sub(width, CountBits(smeared));
        });
        Decompositions.Define<NextAfter>((_, x) => Next(x[0], x[1]));
    }

    /// <summary>Sums of neighbouring fields, which double in width: bits, pairs, nibbles, bytes, ….</summary>
    private static Tensor CountBits(Tensor x)
    {
        var width = 8 * x.DType.Size;
        x = Lax.Sub(x, Lax.And(Lax.ShiftRightLogical(x, 1), Fields(1)));
        x = Lax.Add(Lax.And(x, Fields(2)), Lax.And(Lax.ShiftRightLogical(x, 2), Fields(2)));
        for (var field = 4; field < width; field *= 2) x = Lax.And(Lax.Add(x, Lax.ShiftRightLogical(x, field)), Fields(field));
        return x;

        // Every other field of so many bits is set, from the lowest.
        long Fields(int field) => Enumerable.Range(0, 64 / (2 * field)).Aggregate(0L, (mask, i) => mask | (((1L << field) - 1) << (2 * field * i)));
    }

    /// <summary>Floats of one sign are ordered as their bits are, so that a step is one more or one less.</summary>
    private static Tensor Next(Tensor x, Tensor y)
    {
        var shape = Broadcasting.Of(x.Shape, y.Shape);
        (x, y) = (Broadcasting.To(x, shape), Broadcasting.To(y, shape));
        var integer = x.DType.Size switch { 2 => DType.Int16, 4 => DType.Int32, _ => DType.Int64 };
        var (bits, zero) = (Lax.BitcastConvertType(x, integer), Lax.Full(shape, 0, x.DType));
        var isAway = Lax.Eq(Lax.Lt(x, y), Lax.Lt(zero, x)); // From zero, that is, for x ≠ 0.
        var step = Lax.SelectN(isAway, Lax.Full(shape, -1, integer), Lax.Full(shape, 1, integer));
        var next = Lax.BitcastConvertType(Lax.Add(bits, step), x.DType);

        // From zero, the smallest number with the sign of y.
        var smallest = Lax.BitcastConvertType(Lax.Full(shape, 1, integer), x.DType);
        var fromZero = Lax.SelectN(Lax.Lt(y, zero), smallest, Lax.Neg(smallest));
        var moved = Lax.SelectN(Lax.Eq(x, zero), next, fromZero);
        var isNaN = Lax.Or(Lax.Ne(x, x), Lax.Ne(y, y));
        return Lax.SelectN(isNaN, Lax.SelectN(Lax.Eq(x, y), moved, y), Lax.Full(shape, double.NaN, x.DType));
    }
}
