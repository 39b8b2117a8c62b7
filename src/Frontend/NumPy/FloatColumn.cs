namespace BrainState.NumPy;

/// <summary>
/// Prints floating-point numbers to a common layout with NumPy's default options: one notation for all, decimal points aligned,
/// up to eight decimal places.
/// </summary>
/// <param name="kind">The format the digits must identify.</param>
/// <param name="plus">Whether positive numbers carry a sign (imaginary parts).</param>
internal sealed class FloatColumn(FloatKind kind, bool plus = false)
{
    /// <summary>Largest magnitude, exclusive, of positional notation.</summary>
    private const double LargeMagnitude = 1e8;

    /// <summary>Smallest non-zero magnitude of positional notation.</summary>
    private const double SmallMagnitude = 1e-4;

    /// <summary>Largest ratio between non-zero magnitudes of positional notation.</summary>
    private const double WideRatio = 1000;

    /// <summary>One text per value, all of the same width.</summary>
    public string[] Format(ReadOnlySpan<double> values)
    {
        var finite = new List<double>(values.Length);
        var negativeInfinity = false;
        foreach (var value in values)
        {
            if (double.IsFinite(value))
                finite.Add(value);
            negativeInfinity |= double.IsNegativeInfinity(value);
        }

        var scientific = NeedsExponent(finite);
        var texts = scientific ? Scientific(finite) : finite.ConvertAll(x => DecimalText.Positional(x, kind, plus));
        var left = texts.Count == 0 ? 0 : texts.Max(t => t.Integer.Length);
        var right = texts.Count == 0 ? 0 : texts.Max(t => t.Fraction.Length);
        var exponent = texts.Count == 0 || !scientific ? 0 : texts.Max(t => t.Exponent.Length) + 1;
        if (finite.Count < values.Length) // "inf" and "nan" take three places, four if the column has a sign for them
            left = Math.Max(left, (plus || negativeInfinity ? 4 : 3) - (right + exponent + 1));

        var words = new string[values.Length];
        var next = 0;
        for (var i = 0; i < words.Length; i++)
            words[i] = double.IsFinite(values[i])
                ? Align(texts[next++], left, right, exponent)
                : NonFinite(values[i]).PadLeft(left + 1 + right + exponent);
        return words;
    }

    /// <summary>
    /// Whether the non-zero magnitudes are too large, too small or too far apart for positional notation. The comparison happens
    /// in the format itself, as NumPy 2 compares: <c>float32(1e-4)</c>, a little below 1e-4, is not too small.
    /// </summary>
    private bool NeedsExponent(List<double> finite)
    {
        double largest = 0, smallest = double.PositiveInfinity;
        foreach (var value in finite)
        {
            var magnitude = Math.Abs(value);
            if (magnitude == 0)
                continue;
            largest = Math.Max(largest, magnitude);
            smallest = Math.Min(smallest, magnitude);
        }

        return largest > 0
            && (largest >= LargeMagnitude
                || smallest < BinaryFloat.Round(SmallMagnitude, kind)
                || BinaryFloat.Round(largest / smallest, kind) > WideRatio);
    }

    /// <summary>Scientific texts of equal precision: as many places as the number that needs most.</summary>
    private List<DecimalText> Scientific(List<double> finite)
    {
        var precision = finite.Max(x => DecimalText.Scientific(x, kind, plus).Fraction.Length);
        return finite.ConvertAll(x => DecimalText.Scientific(x, kind, plus, precision));
    }

    private static string Align(DecimalText text, int left, int right, int exponent)
    {
        var mantissa = text.Integer.PadLeft(left) + "." + text.Fraction.PadRight(right);
        if (exponent == 0)
            return mantissa;
        return mantissa + "e" + text.Exponent[0] + text.Exponent[1..].PadLeft(exponent - 2, '0');
    }

    private string NonFinite(double value)
    {
        var sign = double.IsNegativeInfinity(value) ? "-" : plus ? "+" : "";
        return sign + (double.IsNaN(value) ? "nan" : "inf");
    }
}
