using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.StableHlo.Import.Ops;

/// <summary><c>stablehlo.power</c> of integers, for which there is no op: repeated squaring over the bits of the exponent.</summary>
internal static class IntegerPower
{
    /// <summary>xʸ, wrapping around. With y &lt; 0 only 1 and −1 have an integer power; all else gives 0, and 0 itself too.</summary>
    public static Operand Add(OpSite site)
    {
        var (x, y, dtype) = (site.X, site.Y, site.SpecOf(site.X).DType);
        var (zero, one) = (OpSite.Literal(dtype, 0), OpSite.Literal(dtype, 1));
        var result = site.Add(new Add(), site.Add(new Mul(), x, zero), one);
        var square = x;
        var width = 8 * dtype.Size;
        for (var bit = 0; bit < width; bit++)
        {
            var isSet = site.Add(new Ne(), site.Add(new And(), y, Operand.Of(new Scalar(dtype, UInt128.One << bit))), zero);
            result = site.Add(new SelectN(), isSet, result, site.Add(new Mul(), result, square));
            if (bit + 1 < width) square = site.Add(new Mul(), square, square);
        }
        if (!dtype.Is(DTypeKinds.Signed)) return result;

        // The bits of a negative exponent are those of 2^width + y, which raises ±1 to the right power.
        var isUnit = site.Add(new Eq(), site.Add(new Abs(), x), one);
        var isNegative = site.Add(new Lt(), y, zero);
        return site.Add(new SelectN(), site.Add(new And(), isNegative, site.Add(new Not(), isUnit)), result, site.Add(new Mul(), x, zero));
    }
}
