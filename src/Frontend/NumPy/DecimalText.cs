namespace BrainState.NumPy;

/// <summary>A decimal number in the parts that columns align on.</summary>
/// <param name="Integer">Sign and digits before the point.</param>
/// <param name="Fraction">Digits after the point, possibly none.</param>
/// <param name="Exponent">Signed exponent of at least two digits (<c>+08</c>), or empty in positional notation.</param>
internal readonly record struct DecimalText(string Integer, string Fraction, string Exponent)
{
    /// <summary>Digits after the point that arrays print at most: NumPy's <c>precision</c> option.</summary>
    public const int MaxFraction = 8;

    /// <summary>Positional notation without trailing zeros: a whole part in full, then at most <see cref="MaxFraction"/> places.</summary>
    public static DecimalText Positional(double value, FloatKind kind, bool plus) =>
        Place(DigitGenerator.Fixed(BinaryFloat.Of(value, kind), MaxFraction), Sign(value, plus));

    /// <summary>Positional notation with the digits that identify the value, zeros filling up the whole part.</summary>
    public static DecimalText FullPositional(double value, FloatKind kind, bool plus) =>
        Place(DigitGenerator.Shortest(BinaryFloat.Of(value, kind)), Sign(value, plus));

    /// <summary>Scientific notation, shortest digits without trailing zeros, at most <see cref="MaxFraction"/> places.</summary>
    public static DecimalText Scientific(double value, FloatKind kind, bool plus) =>
        Split(DigitGenerator.Shortest(BinaryFloat.Of(value, kind), MaxFraction), Sign(value, plus));

    /// <summary>Scientific notation with the digits that identify the value.</summary>
    public static DecimalText FullScientific(double value, FloatKind kind, bool plus) =>
        Split(DigitGenerator.Shortest(BinaryFloat.Of(value, kind)), Sign(value, plus));

    /// <summary>Scientific notation with just <paramref name="precision"/> places of the exact value, zeros included.</summary>
    public static DecimalText Scientific(double value, FloatKind kind, bool plus, int precision)
    {
        var text = Split(DigitGenerator.Exact(BinaryFloat.Of(value, kind), precision), Sign(value, plus));
        return text with { Fraction = text.Fraction.PadRight(precision, '0') };
    }

    /// <summary>C's <c>%.{significant}g</c>: scientific below 1e-4 and from 10^significant on, no trailing zeros.</summary>
    public static string General(double value, int significant)
    {
        if (double.IsNaN(value))
            return "nan";
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";

        var digits = DigitGenerator.Exact(BinaryFloat.Of(value, FloatKind.Float64), significant - 1);
        var positional = digits.Exponent >= -4 && digits.Exponent < significant;
        var text = positional ? Place(digits, Sign(value, plus: false)) : Split(digits, Sign(value, plus: false));
        var fraction = text.Fraction.Length == 0 ? "" : "." + text.Fraction;
        return text.Integer + fraction + (positional ? "" : "e" + text.Exponent);
    }

    private static string Sign(double value, bool plus) => double.IsNegative(value) ? "-" : plus ? "+" : "";

    /// <summary>Puts the point where the exponent says.</summary>
    private static DecimalText Place(DecimalDigits number, string sign)
    {
        var (digits, exponent) = number;
        if (exponent < 0)
            return new DecimalText(sign + "0", (new string('0', -exponent - 1) + digits).TrimEnd('0'), "");

        digits = digits.PadRight(exponent + 1, '0');
        return new DecimalText(sign + digits[..(exponent + 1)], digits[(exponent + 1)..].TrimEnd('0'), "");
    }

    /// <summary>Puts the point behind the first digit.</summary>
    private static DecimalText Split(DecimalDigits number, string sign)
    {
        var exponent = (number.Exponent < 0 ? "-" : "+") + Math.Abs(number.Exponent).ToString("00");
        return new DecimalText(sign + number.Digits[0], number.Digits[1..].TrimEnd('0'), exponent);
    }
}
