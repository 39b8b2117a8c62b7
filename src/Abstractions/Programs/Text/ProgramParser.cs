using System.Globalization;
using System.Numerics;
using System.Text;
using BrainState.Ops;

namespace BrainState.Programs.Text;

/// <summary>Reads the full form of programs; errors name line and column.</summary>
/// <remarks>
/// <code>
/// program   = "program" "(" [value {"," value}] ")" "{" {equation} "return" [operand {"," operand}] "}"
/// value     = "%" word ":" spec
/// equation  = [value {value} "="] word ["[" {word "=" parameter} "]"] {operand}
/// operand   = "%" word | number ":" dtype "[]"
/// number    = True | False | integer | float | "(" float ("+" | "-") float "j)"
/// float     = digits | nan | inf | -inf | "nan(0x" bits ")"
/// parameter = None | True | False | integer | real | word | 'text' | program | "(" [parameter {"," parameter}] ")" | the same in "[]"
/// </code>
/// </remarks>
internal sealed class ProgramParser
{
    private const int MaximumDepth = 200;
    private readonly string text;
    private int position;
    private int depth;

    private ProgramParser(string text) => this.text = text;

    public static Program Parse(string text)
    {
        var parser = new ProgramParser(text);
        var program = parser.ParseProgram();
        parser.SkipSpace();
        return parser.position == text.Length ? program : throw parser.Error("nothing may follow the program");
    }

    private Program ParseProgram()
    {
        if (++depth > MaximumDepth) throw Error($"programs are nested deeper than {MaximumDepth}");
        ExpectWord("program");
        var builder = new ProgramBuilder();
        var scope = new Dictionary<string, Operand>();
        foreach (var input in ParseList('(', ')', ParseDeclaration)) Define(scope, input, builder.AddInput(input.Spec));
        Expect('{');
        while (!TryWord("return")) ParseEquation(builder, scope);
        var outputs = new List<Operand>();
        while (!TrySymbol('}'))
        {
            if (outputs.Count > 0) Expect(',');
            outputs.Add(ParseOperand(scope));
        }
        depth--;
        return builder.Build(outputs.ToArray());
    }

    private void ParseEquation(ProgramBuilder builder, Dictionary<string, Operand> scope)
    {
        var start = position;
        var results = new List<Declaration>();
        while (Peek() == '%') results.Add(ParseDeclaration());
        if (results.Count > 0) Expect('=');

        SkipSpace();
        var opStart = position;
        var name = ParseWord("an op");
        var parameters = new Dictionary<string, object?>();
        if (TrySymbol('['))
        {
            while (!TrySymbol(']'))
            {
                var parameter = ParseWord("a parameter");
                Expect('=');
                if (!parameters.TryAdd(parameter, ParseParameter())) throw Error($"parameter '{parameter}' is given twice");
            }
        }
        var operands = new List<Operand>();
        while (IsOperand()) operands.Add(ParseOperand(scope));

        Operand[] values;
        try
        {
            values = builder.AddAll(OpRegistry.Read(name, parameters), operands.ToArray());
        }
        catch (Exception failure) when (failure is ArgumentException or ProgramFormatException or OverflowException)
        {
            throw Error(failure.Message, opStart);
        }
        if (values.Length != results.Count) throw Error($"{name} has {values.Length} results, but {results.Count} are declared", start);
        for (var i = 0; i < values.Length; i++)
        {
            if (builder.SpecOf(values[i]) != results[i].Spec)
                throw Error($"%{results[i].Name} is declared as {results[i].Spec}, but {name} gives {builder.SpecOf(values[i])}", start);
            Define(scope, results[i], values[i]);
        }
    }

    /// <summary>An operand starts with % or is a number with a colon; a word without one starts the next equation.</summary>
    private bool IsOperand()
    {
        if (Peek() == '%')
        {
            // "%7:f32[2]" declares a result of the next equation; "%7" alone is an operand.
            var end = position + 1;
            while (end < text.Length && ParameterText.WordCharacters.Contains(text[end])) end++;
            return end >= text.Length || text[end] != ':';
        }
        if (Peek() is '-' or '(' or >= '0' and <= '9') return true;
        return StartsWith("nan:") || StartsWith("nan(0x") || StartsWith("inf:") || StartsWith("True:") || StartsWith("False:");
    }

    private Declaration ParseDeclaration()
    {
        Expect('%');
        var start = position - 1;
        var name = ParseWord("a value");
        Expect(':');
        return new(name, ParseSpec(), start);
    }

    private TensorSpec ParseSpec()
    {
        SkipSpace();
        var start = position;
        var end = text.IndexOf(']', position);
        if (end < 0 || text.AsSpan(position, end - position).Contains('\n')) throw Error("a spec such as f32[2,3] is expected");
        try
        {
            var spec = TensorSpec.Parse(text[position..(end + 1)]);
            position = end + 1;
            return spec;
        }
        catch (Exception failure) when (failure is FormatException or OverflowException or ArgumentException)
        {
            throw Error(failure.Message, start);
        }
    }

    private Operand ParseOperand(Dictionary<string, Operand> scope)
    {
        if (TrySymbol('%'))
        {
            var name = ParseWord("a value");
            return scope.TryGetValue(name, out var operand) ? operand : throw Error($"%{name} is not defined here");
        }
        SkipSpace();
        var start = position;
        var colon = text.IndexOf(':', position);
        if (colon < 0 || colon - start > 100) throw Error("an operand is expected");
        var number = text[start..colon];
        position = colon + 1;
        var spec = ParseSpec();
        if (spec.Rank != 0) throw Error("literals are scalars", start);
        return TryLiteral(spec.DType, number, out var literal) ? Operand.Of(literal) : throw Error($"'{number}' is not a {spec.DType.Name}", start);
    }

    private static bool TryLiteral(DType dtype, string number, out Scalar literal)
    {
        literal = default;
        var culture = CultureInfo.InvariantCulture;
        switch (dtype.Kind)
        {
            case DTypeKinds.Bool:
                literal = Scalar.Of(number == "True");
                return number is "True" or "False";
            case DTypeKinds.Signed or DTypeKinds.Unsigned:
                if (!BigInteger.TryParse(number, NumberStyles.AllowLeadingSign, culture, out var integer)) return false;
                literal = Scalar.Of(dtype, unchecked((long)(ulong)(integer & ulong.MaxValue)));
                return literal.ToString() == integer.ToString(culture);
            case DTypeKinds.Floating:
                return TryFloat(dtype, number, out literal);
            default:
                var split = number.LastIndexOfAny(['+', '-']);
                while (split > 1 && number[split - 1] == 'e') split = number.LastIndexOfAny(['+', '-'], split - 1);
                if (split < 1 || !number.StartsWith('(') || !number.EndsWith("j)", StringComparison.Ordinal)) return false;
                var part = dtype == DType.Complex64 ? DType.Float32 : DType.Float64;
                var found = TryFloat(part, number[1..split], out var real);
                found &= TryFloat(part, number[(number[split] == '+' ? split + 1 : split)..^2], out var imaginary);
                literal = new Scalar(dtype, real.Bits | (imaginary.Bits << (8 * part.Size)));
                return found;
        }
    }

    private static bool TryFloat(DType dtype, string number, out Scalar literal)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var culture = CultureInfo.InvariantCulture;
        literal = default;
        if (number.StartsWith("nan(0x", StringComparison.Ordinal) && number.EndsWith(')'))
        {
            if (!UInt128.TryParse(number.AsSpan()[6..^1], NumberStyles.AllowHexSpecifier, culture, out var bits)) return false;
            literal = new Scalar(dtype, bits);
            return double.IsNaN(literal.ToDouble()) && literal.Bits == bits;
        }
        if (number is "nan" or "inf" or "-inf")
        {
            literal = Scalar.Of(dtype, number switch { "nan" => double.NaN, "inf" => double.PositiveInfinity, _ => double.NegativeInfinity });
            return true;
        }
        // Digits are rounded once: a float32 read as a double and rounded again could be off by one.
        if (dtype == DType.Float32 && float.TryParse(number, Style, culture, out var single)) literal = Scalar.Of(single);
        else if (double.TryParse(number, Style, culture, out var value)) literal = Scalar.Of(dtype, value);
        else return false;
        return double.IsFinite(literal.ToDouble());
    }

    private object? ParseParameter()
    {
        int start;
        switch (Peek())
        {
            case '(': return ParseList('(', ')', ParseParameter).ToValueArray();
            case '[': return ParseList('[', ']', ParseParameter).ToValueArray();
            case '\'': return ParseQuoted();
            case '-' when StartsWith("-inf"):
                position += "-inf".Length;
                return "-inf";
            case '-' or >= '0' and <= '9':
                start = position;
                if (text[position] == '-') position++;
                while (position < text.Length && char.IsAsciiDigit(text[position])) position++;
                if (position < text.Length && text[position] is '.' or 'e') return ParseReal(start);
                return long.TryParse(text.AsSpan(start, position - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
                    ? integer
                    : throw Error("an integer is expected", start);
            default:
                start = position;
                switch (ParseWord("a parameter value"))
                {
                    case "None": return null;
                    case "True": return true;
                    case "False": return false;
                    case "program":
                        position = start;
                        return ParseProgram();
                    case var word: return word;
                }
        }
    }

    private double ParseReal(int start)
    {
        while (position < text.Length && (char.IsAsciiDigit(text[position]) || text[position] is '.' or 'e' or '+' or '-')) position++;
        return double.TryParse(text.AsSpan(start, position - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Error("a finite number is expected", start);
    }

    private List<T> ParseList<T>(char open, char close, Func<T> parseItem)
    {
        if (++depth > MaximumDepth) throw Error($"lists are nested deeper than {MaximumDepth}");
        Expect(open);
        var items = new List<T>();
        while (!TrySymbol(close))
        {
            if (items.Count > 0) Expect(',');
            if (TrySymbol(close)) break; // A trailing comma, as in a tuple of one.
            items.Add(parseItem());
        }
        depth--;
        return items;
    }

    private string ParseQuoted()
    {
        Expect('\'');
        var content = new StringBuilder();
        while (position < text.Length && text[position] != '\'')
        {
            var c = text[position++];
            if (c != '\\') content.Append(c);
            else if (position < text.Length && text[position] is '\'' or '\\') content.Append(text[position++]);
            else if (position + 5 <= text.Length && text[position] == 'u'
                && ushort.TryParse(text.AsSpan(position + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                content.Append((char)code);
                position += 5;
            }
            else throw Error("a malformed escape");
        }
        if (position >= text.Length) throw Error("the closing quote is missing");
        position++;
        return content.ToString();
    }

    private string ParseWord(string what)
    {
        SkipSpace();
        var start = position;
        while (position < text.Length && ParameterText.WordCharacters.Contains(text[position])) position++;
        return position > start ? text[start..position] : throw Error($"{what} is expected");
    }

    private bool TryWord(string word)
    {
        if (!StartsWith(word)) return false;
        var end = position + word.Length;
        if (end < text.Length && ParameterText.WordCharacters.Contains(text[end])) return false;
        position = end;
        return true;
    }

    private void ExpectWord(string word)
    {
        if (!TryWord(word)) throw Error($"'{word}' is expected");
    }

    private bool TrySymbol(char symbol)
    {
        if (Peek() != symbol) return false;
        position++;
        return true;
    }

    private void Expect(char symbol)
    {
        if (!TrySymbol(symbol)) throw Error($"'{symbol}' is expected");
    }

    private char Peek()
    {
        SkipSpace();
        return position < text.Length ? text[position] : '\0';
    }

    private bool StartsWith(string prefix)
    {
        SkipSpace();
        return string.CompareOrdinal(text, position, prefix, 0, prefix.Length) == 0;
    }

    private void SkipSpace()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position])) position++;
    }

    private void Define(Dictionary<string, Operand> scope, Declaration declaration, Operand operand)
    {
        if (!scope.TryAdd(declaration.Name, operand)) throw Error($"%{declaration.Name} is defined twice", declaration.Start);
    }

    private ProgramFormatException Error(string message, int? at = null)
    {
        var before = text.AsSpan(0, Math.Min(at ?? position, text.Length));
        var line = before.Count('\n') + 1;
        var column = before.Length - before.LastIndexOf('\n');
        return new ProgramFormatException($"Line {line}, column {column}: {message.TrimEnd('.')}.");
    }

    private readonly record struct Declaration(string Name, TensorSpec Spec, int Start);
}
