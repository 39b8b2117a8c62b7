using System.Numerics;

namespace BrainState.NumPy;

/// <summary>Prints complex numbers as NumPy does: real and imaginary parts are columns of their own, joined by the sign.</summary>
/// <param name="component">The format of each part.</param>
internal sealed class ComplexColumn(FloatKind component)
{
    /// <summary>One text per value, all of the same width.</summary>
    public string[] Format(ReadOnlySpan<Complex> values)
    {
        var real = new double[values.Length];
        var imaginary = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
            (real[i], imaginary[i]) = (values[i].Real, values[i].Imaginary);

        var words = new FloatColumn(component).Format(real);
        var signed = new FloatColumn(component, plus: true).Format(imaginary);
        for (var i = 0; i < words.Length; i++)
        {
            var digits = signed[i].TrimEnd(' ');
            words[i] += digits + "j" + new string(' ', signed[i].Length - digits.Length);
        }

        return words;
    }
}
