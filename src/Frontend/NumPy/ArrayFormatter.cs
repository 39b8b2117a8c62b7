using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace BrainState.NumPy;

/// <summary>
/// Prints arrays exactly as <c>str(array)</c> does in NumPy with its default print options: <c>[ 0.6630465  -0.72396195]</c>.
/// </summary>
/// <remarks>
/// Data is row-major. An array without axes prints as a scalar, an array without elements as <c>[]</c>. Floating-point
/// numbers get the shortest digits that identify them in their own format, in arrays at most eight decimal places.
/// </remarks>
public static class ArrayFormatter
{
    private const int JaxSignificantDigits = 6;

    /// <summary>
    /// Prints an array of <see cref="bool"/>, an integer type of 8 to 64 bits, <see cref="Half"/>, <see cref="float"/>,
    /// <see cref="double"/> or <see cref="Complex"/>.
    /// </summary>
    /// <param name="dims">Length of each axis; empty for a scalar.</param>
    /// <param name="data">The elements, row-major; as many as <paramref name="dims"/> multiply to.</param>
    /// <exception cref="ArgumentException">The data does not fill the dimensions, or a dimension is negative.</exception>
    /// <exception cref="NotSupportedException">Another element type.</exception>
    public static string Format<T>(ReadOnlySpan<int> dims, ReadOnlySpan<T> data)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            return Format(dims, MemoryMarshal.Cast<T, float>(data), FloatKind.Float32);
        if (typeof(T) == typeof(double))
            return Floats(dims, MemoryMarshal.Cast<T, double>(data), x => x, FloatKind.Float64);
        if (typeof(T) == typeof(Half))
            return Floats(dims, MemoryMarshal.Cast<T, Half>(data), x => (double)x, FloatKind.Float16);
        if (typeof(T) == typeof(Complex))
            return Format(dims, MemoryMarshal.Cast<T, Complex>(data), FloatKind.Float64);
        if (typeof(T) == typeof(bool))
            return ArrangeWords(dims, MemoryMarshal.Cast<T, bool>(data), x => x ? "True" : "False", AlignBools);
        if (IsInteger<T>())
            return ArrangeWords(dims, data, x => ((IFormattable)x).ToString(null, CultureInfo.InvariantCulture), AlignRight);

        throw new NotSupportedException(
            $"Arrays of {typeof(T).Name} cannot be printed; the element types are bool, the integers of 8 to 64 bits, Half, "
            + "float, double and Complex.");
    }

    /// <summary>Prints floats whose digits must identify them in a narrower format, as for bfloat16.</summary>
    /// <param name="dims">Length of each axis; empty for a scalar.</param>
    /// <param name="data">The elements, row-major, each representable in <paramref name="kind"/>.</param>
    /// <param name="kind">The format of the array.</param>
    /// <exception cref="ArgumentException">The data does not fill the dimensions, or a dimension is negative.</exception>
    public static string Format(ReadOnlySpan<int> dims, ReadOnlySpan<float> data, FloatKind kind) =>
        Floats(dims, data, x => x, kind);

    /// <summary>Prints complex numbers whose parts have the given format: <see cref="FloatKind.Float32"/> for complex64.</summary>
    /// <param name="dims">Length of each axis; empty for a scalar.</param>
    /// <param name="data">The elements, row-major, each part representable in <paramref name="component"/>.</param>
    /// <param name="component">The format of the real and imaginary parts.</param>
    /// <exception cref="ArgumentException">The data does not fill the dimensions, or a dimension is negative.</exception>
    public static string Format(ReadOnlySpan<int> dims, ReadOnlySpan<Complex> data, FloatKind component) =>
        Arrange(dims, data, x => ScalarText.Of(x, component), x => new ComplexColumn(component).Format(x));

    private static string Floats<T>(ReadOnlySpan<int> dims, ReadOnlySpan<T> data, Converter<T, double> widen, FloatKind kind)
    {
        if (kind == FloatKind.BFloat16Jax)
            return ArrangeWords(dims, data, General, words => words);
        return Arrange(
            dims,
            data,
            x => ScalarText.Of(widen(x), kind),
            x => new FloatColumn(kind).Format(Array.ConvertAll(x, widen)));

        string General(T x) => DecimalText.General(widen(x), JaxSignificantDigits);
    }

    /// <summary>An array whose elements print as scalars do, but for the alignment.</summary>
    private static string ArrangeWords<T>(
        ReadOnlySpan<int> dims, ReadOnlySpan<T> data, Converter<T, string> word, Func<string[], string[]> align) =>
        Arrange(dims, data, word, x => align(Array.ConvertAll(x, word)));

    /// <summary>The common frame: checks the sizes, then prints a scalar, nothing, or the visible elements in brackets.</summary>
    private static string Arrange<T>(ReadOnlySpan<int> dims, ReadOnlySpan<T> data, Converter<T, string> scalar, Func<T[], string[]> column)
    {
        var count = Count(dims);
        if (count != data.Length)
            throw new ArgumentException(
                $"An array of shape ({string.Join(", ", dims.ToArray())}) has {count} elements, not {data.Length}.", nameof(data));
        if (dims.IsEmpty)
            return scalar(data[0]);
        if (count == 0)
            return "[]";

        var layout = new ArrayLayout(dims, count);
        var positions = layout.VisibleElements();
        var visible = new T[positions.Count];
        for (var i = 0; i < visible.Length; i++)
            visible[i] = data[(int)positions[i]];
        return layout.Compose(column(visible));
    }

    /// <summary>Columns as wide as the longest element shown.</summary>
    private static string[] AlignRight(string[] words) => AlignRight(words, words.Max(word => word.Length));

    /// <summary>Columns with room for False, needed or not.</summary>
    private static string[] AlignBools(string[] words) => AlignRight(words, "False".Length);

    private static string[] AlignRight(string[] words, int width) => Array.ConvertAll(words, word => word.PadLeft(width));

    private static long Count(ReadOnlySpan<int> dims)
    {
        Int128 count = 1;
        foreach (var dim in dims)
        {
            if (dim < 0)
                throw new ArgumentException($"A dimension is negative: {dim}.", nameof(dims));
            count = Int128.Min(count * dim, long.MaxValue);
        }

        return (long)count;
    }

    private static bool IsInteger<T>() =>
        typeof(T) == typeof(sbyte) || typeof(T) == typeof(short) || typeof(T) == typeof(int) || typeof(T) == typeof(long)
        || typeof(T) == typeof(byte) || typeof(T) == typeof(ushort) || typeof(T) == typeof(uint) || typeof(T) == typeof(ulong);
}
