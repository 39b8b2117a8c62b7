using System.Numerics;

namespace BrainState.NumPy;

/// <summary>Decimal digits d₀d₁d₂… of a number d₀.d₁d₂… · 10^<paramref name="Exponent"/>.</summary>
/// <param name="Digits">At least one digit; trailing zeros are possible.</param>
/// <param name="Exponent">Decimal exponent of the first digit.</param>
internal readonly record struct DecimalDigits(string Digits, int Exponent);

/// <summary>
/// Exact binary to decimal conversion: free-format generation by G. L. Steele and J. L. White ("How to Print Floating-Point
/// Numbers Accurately", PLDI 1990) in big integers. Digits come until they identify the number among its neighbours, or until
/// a given decimal place, where the exact remainder is rounded half to even — the conventions of NumPy's printing.
/// </summary>
internal ref struct DigitGenerator
{
    private readonly BigInteger scale;
    private readonly bool isEven;
    private readonly int exponent;
    private BigInteger remainder, marginBelow, marginAbove;

    /// <summary>Scales the number, kept as remainder / scale with the half distances to its neighbours, into [1, 10).</summary>
    private DigitGenerator(BinaryFloat number)
    {
        var (mantissa, binaryExponent, closerBelow) = number;
        var gap = BigInteger.One << Math.Max(binaryExponent, 0);
        var unit = closerBelow ? 2 : 1;
        isEven = (mantissa & 1) == 0;
        remainder = gap * mantissa * 2 * unit;
        scale = (BigInteger.One << Math.Max(-binaryExponent, 0)) * 2 * unit;
        marginBelow = gap;
        marginAbove = gap * unit;

        exponent = (int)Math.Floor(Math.Log10(mantissa) + binaryExponent * Math.Log10(2.0) - 1e-9);
        if (exponent >= 0)
            scale *= BigInteger.Pow(10, exponent);
        else
            ScaleUp(BigInteger.Pow(10, -exponent));

        if (remainder >= scale * 10)
        {
            scale *= 10;
            exponent++;
        }
    }

    /// <summary>
    /// The exact digits before the point, then the shortest that identify the number, but none beyond
    /// <paramref name="maxFraction"/> decimal places.
    /// </summary>
    public static DecimalDigits Fixed(BinaryFloat number, int maxFraction) =>
        number.Mantissa == 0 ? Zero : new DigitGenerator(number).Run(-maxFraction, stopAt: 0);

    /// <summary>The shortest identifying digits of all.</summary>
    public static DecimalDigits Shortest(BinaryFloat number) =>
        number.Mantissa == 0 ? Zero : new DigitGenerator(number).Run(int.MinValue, stopAt: int.MaxValue);

    /// <summary>The shortest identifying digits, but at most <paramref name="precision"/> after the first.</summary>
    public static DecimalDigits Shortest(BinaryFloat number, int precision)
    {
        if (number.Mantissa == 0)
            return Zero;
        var generator = new DigitGenerator(number);
        return generator.Run(generator.exponent - precision, stopAt: int.MaxValue);
    }

    /// <summary>The leading digit and <paramref name="precision"/> more of the exact value; fewer where it ends earlier.</summary>
    public static DecimalDigits Exact(BinaryFloat number, int precision)
    {
        if (number.Mantissa == 0)
            return Zero;
        var generator = new DigitGenerator(number);
        return generator.Run(generator.exponent - precision, stopAt: generator.exponent - precision);
    }

    private static DecimalDigits Zero => new("0", 0);

    /// <param name="last">Decimal place of the last digit to give, whatever is left.</param>
    /// <param name="stopAt">The highest place at which identifying digits suffice.</param>
    private DecimalDigits Run(int last, int stopAt)
    {
        var digits = new List<char>();
        for (var place = exponent; ; place--)
        {
            var digit = (int)BigInteger.DivRem(remainder, scale, out remainder);
            digits.Add((char)('0' + digit));

            var reachesBelow = remainder.CompareTo(marginBelow) < (isEven ? 1 : 0);
            var reachesAbove = (remainder + marginAbove).CompareTo(scale) > (isEven ? -1 : 0);
            if (place <= last || remainder.IsZero || place <= stopAt && (reachesBelow || reachesAbove))
            {
                var roundUp = reachesBelow == reachesAbove ? IsPastHalf(digit) : reachesAbove;
                return roundUp ? Increment(digits) : new DecimalDigits(new string([.. digits]), exponent);
            }

            ScaleUp(10);
        }
    }

    /// <summary>Whether the rest is above one half of the last place, or just half behind an odd digit.</summary>
    private readonly bool IsPastHalf(int digit)
    {
        var comparison = (remainder * 2).CompareTo(scale);
        return comparison > 0 || comparison == 0 && (digit & 1) == 1;
    }

    /// <summary>Adds one in the last place; a row of nines becomes a one with a larger exponent.</summary>
    private readonly DecimalDigits Increment(List<char> digits)
    {
        var i = digits.Count - 1;
        while (i >= 0 && digits[i] == '9')
            i--;
        if (i < 0)
            return new DecimalDigits("1", exponent + 1);

        digits[i]++;
        return new DecimalDigits(new string([.. digits[..(i + 1)]]), exponent);
    }

    private void ScaleUp(BigInteger factor)
    {
        remainder *= factor;
        marginBelow *= factor;
        marginAbove *= factor;
    }
}
