using System.Numerics;

namespace BrainState.NumPy;

/// <summary>Prints zero-dimensional values as NumPy's scalars print: every digit needed, positional between 1e-4 and 1e16.</summary>
internal static class ScalarText
{
    private const double LargeMagnitude = 1e16, SmallMagnitude = 1e-4;

    /// <summary>A number with at least one decimal place in positional notation: <c>2.5</c>, <c>3.0</c>, <c>1e+20</c>.</summary>
    public static string Of(double value, FloatKind kind) => Number(value, kind, plus: false, wholeSuffix: ".0");

    /// <summary>A complex number: <c>(1+2j)</c>, or <c>2j</c> where the real part is a positive zero.</summary>
    public static string Of(Complex value, FloatKind component)
    {
        if (value.Real == 0 && !double.IsNegative(value.Real))
            return Number(value.Imaginary, component, plus: false, wholeSuffix: "") + "j";
        return "(" + Number(value.Real, component, plus: false, wholeSuffix: "")
            + Number(value.Imaginary, component, plus: true, wholeSuffix: "") + "j)";
    }

    private static string Number(double value, FloatKind kind, bool plus, string wholeSuffix)
    {
        if (double.IsNaN(value))
            return plus ? "+nan" : "nan";
        if (double.IsInfinity(value))
            return value < 0 ? "-inf" : plus ? "+inf" : "inf";

        var magnitude = Math.Abs(value);
        if (magnitude == 0 || (magnitude >= SmallMagnitude && magnitude < LargeMagnitude))
        {
            var text = DecimalText.FullPositional(value, kind, plus);
            return text.Integer + (text.Fraction.Length == 0 ? wholeSuffix : "." + text.Fraction);
        }

        var scientific = DecimalText.FullScientific(value, kind, plus);
        return scientific.Integer + (scientific.Fraction.Length == 0 ? "" : "." + scientific.Fraction) + "e" + scientific.Exponent;
    }
}
