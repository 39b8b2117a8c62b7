using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Operations on the bits of integers and bools. A bool is the integer 0 or 1.</summary>
internal static class BitwiseRules
{
    public static void AddTo(RuleTable table)
    {
        table.AddBinary<And>(integer: (x, y) => x & y);
        table.AddBinary<Or>(integer: (x, y) => x | y);
        table.AddBinary<Xor>(integer: (x, y) => x ^ y);
        table.AddPointwise<Not>((_, x, result) => result == DType.Bool ? Scalar.Of(x[0].Bits == 0) : Number.Wrap(result, ~Number.Integer(x[0])));

        table.AddPointwise<PopulationCount>((_, x, result) => Scalar.Of(result, (long)UInt128.PopCount(x[0].Bits)));
        table.AddPointwise<Clz>((_, x, result) => Scalar.Of(result, (long)UInt128.LeadingZeroCount(x[0].Bits) - 128 + (8 * result.Size)));

        table.AddPointwise<ShiftLeft>((_, x, result) => Number.Wrap(result, Distance(x[1]) is { } y ? Number.Integer(x[0]) << y : 0));
        table.AddPointwise<ShiftRightLogical>((_, x, result) => new(result, Distance(x[1]) is { } y ? x[0].Bits >> y : 0));
        table.AddPointwise<ShiftRightArithmetic>((_, x, result) => Number.Wrap(result, SignExtended(x[0]) >> (Distance(x[1]) ?? 127)));
    }

    /// <summary>How far to shift, or null if that is not in [0, width).</summary>
    private static int? Distance(Scalar y) => Number.Integer(y) is var distance && distance >= 0 && distance < 8 * y.DType.Size ? (int)distance : null;

    /// <summary>The bits as a two's complement number, also those of an unsigned element: the sign is the uppermost bit.</summary>
    private static Int128 SignExtended(Scalar x)
    {
        var unused = 128 - (8 * x.DType.Size);
        return unchecked((Int128)(x.Bits << unused)) >> unused;
    }
}
