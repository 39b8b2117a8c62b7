using System.Text;
using BrainState.Ops;

namespace BrainState.Programs.Text;

/// <summary>How parameter values look in both texts: as Python writes them.</summary>
internal static class ParameterText
{
    /// <summary>The text of a value that contains no program.</summary>
    public static string Of(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        string text => IsWord(text) ? text : Quote(text),
        DType dtype => dtype.Name,
        ValueArray<object?> { Count: 1 } single => $"({Of(single[0])},)",
        ValueArray<object?> tuple => $"({string.Join(", ", tuple.Select(Of))})",
        double real => Scalar.Of(real).ToString(),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>A scalar operand, such as <c>2.0:f32[]</c>; a NaN that is not the usual one shows its bits.</summary>
    public static string Of(Scalar literal) => $"{Digits(literal)}:{literal.DType.ShortName}[]";

    private static string Digits(Scalar literal)
    {
        if (literal.DType.Is(DTypeKinds.Complex))
        {
            var part = literal.DType == DType.Complex64 ? DType.Float32 : DType.Float64;
            var imaginary = Digits(new(part, literal.Bits >> (8 * part.Size)));
            return $"({Digits(new(part, literal.Bits))}{(imaginary.StartsWith('-') ? "" : "+")}{imaginary}j)";
        }
        var text = literal.ToString();
        return text == "nan" && literal != Scalar.Of(literal.DType, double.NaN) ? $"nan(0x{literal.Bits:x})" : text;
    }

    private static bool IsWord(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_') && text is not ("None" or "True" or "False" or "program")
        && text.AsSpan().IndexOfAnyExcept(WordCharacters) < 0;

    internal static readonly System.Buffers.SearchValues<char> WordCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.");

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (var c in text)
        {
            if (c is '\'' or '\\') quoted.Append('\\').Append(c);
            else if (c < ' ') quoted.Append($"\\u{(int)c:x4}");
            else quoted.Append(c);
        }
        return quoted.Append('\'').ToString();
    }
}
