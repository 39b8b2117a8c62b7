using BrainState.Interpretation.Evaluation;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Ops on the bits of floats: sign, then exponent, then mantissa, so that the bits without the sign count the magnitudes in their order.</summary>
internal static class RepresentationRules
{
    public static void AddTo(RuleTable table)
    {
        table.AddPointwise<NextAfter>((_, x, result) => NextAfter(x[0], x[1], result));
        table.AddPointwise<ReducePrecision>((op, x, _) => Reduce(x[0], op.ExponentBits, op.MantissaBits));
    }

    private static Scalar NextAfter(Scalar x, Scalar y, DType dtype)
    {
        var (from, to) = (x.ToDouble(), y.ToDouble());
        if (double.IsNaN(from) || double.IsNaN(to)) return Scalar.Of(dtype, double.NaN);
        if (from == to) return y;
        if (from == 0) return new(dtype, to > 0 ? 1 : Sign(dtype) | 1); // The smallest magnitude.
        return new(dtype, (to > from) == (from > 0) ? x.Bits + 1 : x.Bits - 1);
    }

    private static Scalar Reduce(Scalar x, int exponentBits, int mantissaBits)
    {
        if (double.IsNaN(x.ToDouble())) return x;
        var (exponentWidth, mantissaWidth) = x.DType switch
        {
            DType.Float16 => (5, 10),
            DType.BFloat16 => (8, 7),
            DType.Float32 => (8, 23),
            _ => (11, 52),
        };
        var (sign, magnitude) = (x.Bits & Sign(x.DType), x.Bits & ~Sign(x.DType));
        if (mantissaBits < mantissaWidth)
        {
            // Just less than half of the last place that stays, or exactly half if that place is odd. A carry goes into the exponent, as it should.
            var dropped = mantissaWidth - mantissaBits;
            magnitude += (UInt128.One << (dropped - 1)) - 1 + ((magnitude >> dropped) & 1);
            magnitude = magnitude >> dropped << dropped;
        }
        if (exponentBits < exponentWidth)
        {
            var infinity = ((UInt128.One << exponentWidth) - 1) << mantissaWidth;
            var exponent = (int)(magnitude >> mantissaWidth) - ((1 << (exponentWidth - 1)) - 1);
            var largest = (1 << (exponentBits - 1)) - 1;
            magnitude = exponent > largest ? infinity : exponent <= -largest ? UInt128.Zero : magnitude;
        }
        return new(x.DType, sign | magnitude);
    }

    private static UInt128 Sign(DType dtype) => UInt128.One << ((8 * dtype.Size) - 1);
}
