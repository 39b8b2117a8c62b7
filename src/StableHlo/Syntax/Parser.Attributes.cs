using System.Globalization;
using System.Numerics;

namespace BrainState.StableHlo.Syntax;

/// <content>Attributes.</content>
internal sealed partial class Parser
{
    /// <summary><c>{name = value, flag, …}</c>.</summary>
    private Dictionary<string, MlirAttribute> ParseDictionary()
    {
        Expect("{");
        return ParseFields("}");
    }

    private Dictionary<string, MlirAttribute> ParseFields(string close)
    {
        var items = new Dictionary<string, MlirAttribute>();
        ParseSequence(close, () =>
        {
            // A comma may follow the last field of a dialect attribute.
            if (close == ">" && items.Count > 0 && current.Is(close)) return;
            var name = current.Kind is TokenKind.Word or TokenKind.String ? Advance() : throw Unexpected("the name of an attribute");
            var value = TryPunctuation("=") ? ParseAttribute() : new UnitAttribute(lexer.LocationOf(name.Start));
            if (!items.TryAdd(name.Text, value)) throw lexer.Error(name.Start, $"the attribute {name} is given twice");
        });
        return items;
    }

    private MlirAttribute ParseAttribute()
    {
        if (++depth > MaximumDepth) throw lexer.Error(current.Start, $"attributes are nested deeper than {MaximumDepth}");
        var attribute = ParseAnyAttribute();
        depth--;
        return attribute;
    }

    private MlirAttribute ParseAnyAttribute()
    {
        var location = Here;
        switch (current.Kind)
        {
            case TokenKind.Hash:
                return ParseNamedAttribute();
            case TokenKind.String:
                var text = Advance().Text;
                if (TryPunctuation(":")) ParseType();
                return new StringAttribute(text, location);
            case TokenKind.Symbol:
                var symbol = Advance().Text;
                while (TryPunctuation("::")) symbol = Expect(TokenKind.Symbol, "a symbol").Text;
                return new SymbolAttribute(symbol, location);
            case TokenKind.Integer or TokenKind.Float:
            case TokenKind.Punctuation when current.Is("-"):
                return ParseNumber();
            case TokenKind.Punctuation when current.Is("["):
                Advance();
                return new ArrayAttribute(ParseSequence("]", ParseAttribute), location);
            case TokenKind.Punctuation when current.Is("{"):
                return new DictionaryAttribute(ParseDictionary(), location);
            case TokenKind.Word when !IsTypeStart(current):
                return ParseWordAttribute();
            default:
                return IsTypeStart(current) ? new TypeAttribute(ParseType(), location) : throw Unexpected("an attribute");
        }
    }

    private MlirAttribute ParseWordAttribute()
    {
        var location = Here;
        switch (current.Text)
        {
            case "true" or "false":
                return new BoolAttribute(Advance().Text == "true", location);
            case "unit":
                Advance();
                return new UnitAttribute(location);
            case "dense":
                return ParseDense();
            case "array":
                return ParseDenseArray();
            case "loc":
                SkipLocation();
                return new UnitAttribute(location);
            case "dense_resource":
                throw new NotExpressibleException(location, "elements in a resource section");
            default:
                // affine_map<…>, sparse<…>, strided<…> and the like: nothing reads them.
                var word = Advance();
                return current.Is("<") ? new DialectAttribute(word.Text, TakeAngles(), MlirOp.NoAttributes, location) : throw lexer.Error(word.Start, $"{word} is not an attribute");
        }
    }

    /// <summary>An alias, or <c>#dialect.name&lt;body&gt;</c>, whose body is read as fields where it begins like one, possibly after the word <c>raw</c>.</summary>
    private MlirAttribute ParseNamedAttribute()
    {
        var location = Here;
        var name = Advance();
        if (!current.Is("<"))
        {
            if (attributeAliases.TryGetValue(name.Text, out var attribute)) return attribute;
            return name.Text.Contains('.')
                ? new DialectAttribute(name.Text, "", MlirOp.NoAttributes, location)
                : throw lexer.Error(name.Start, $"the attribute alias {name} is not defined");
        }
        var start = lexer.Position;
        var first = lexer.Next();
        var fields = start;
        if (first.IsWord("raw"))
        {
            fields = lexer.Position;
            first = lexer.Next();
        }
        var areFields = first.Kind == TokenKind.Word && lexer.Next().Is("=");
        lexer.Position = areFields ? fields : start;
        if (!areFields) return new DialectAttribute(name.Text, TakeAngles().Trim(), MlirOp.NoAttributes, location);
        Advance();
        return new DialectAttribute(name.Text, "", ParseFields(">"), location);
    }

    private MlirAttribute ParseNumber()
    {
        var number = ParseNumberText();
        MlirType? type = TryPunctuation(":") ? ParseType() : null;
        return number.Digits.Contains('.')
            ? new FloatAttribute(double.Parse((number.IsNegative ? "-" : "") + number.Digits, NumberStyles.Float, CultureInfo.InvariantCulture), type, number.Location)
            : new IntegerAttribute(ToInteger(number), type, number.Location);
    }

    private static BigInteger ToInteger(NumberText number)
    {
        var magnitude = number.Digits.StartsWith("0x", StringComparison.Ordinal)
            ? BigInteger.Parse("0" + number.Digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : BigInteger.Parse(number.Digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return number.IsNegative ? -magnitude : magnitude;
    }

    private NumberText ParseNumberText()
    {
        var location = Here;
        if (current.IsWord("true") || current.IsWord("false")) return new(Advance().Text, false, location);
        var isNegative = TryPunctuation("-");
        return current.Kind is TokenKind.Integer or TokenKind.Float ? new(Advance().Text, isNegative, location) : throw Unexpected("a number");
    }

    /// <summary><c>array&lt;i64: 1, 2&gt;</c>.</summary>
    private ArrayAttribute ParseDenseArray()
    {
        var location = Here;
        Advance();
        Expect("<");
        ParseType();
        if (TryPunctuation(">")) return new([], location);
        Expect(":");
        return new(ParseSequence(">", ParseAttribute), location);
    }

    /// <summary><c>dense&lt;elements&gt; : type</c>.</summary>
    private DenseElements ParseDense()
    {
        var location = Here;
        Advance();
        Expect("<");
        if (current.Kind == TokenKind.String)
        {
            var bytes = Advance();
            if (!bytes.Text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) throw lexer.Error(bytes.Start, "the bytes of the elements must begin with 0x");
            Expect(">");
            return new DenseBytes(ParseDenseType(), bytes.Text[2..], location);
        }

        var numbers = new List<NumberText>();
        var sizes = new List<long>();
        var areComplex = false;
        var isSplat = !current.Is("[") && !current.Is(">");
        if (!current.Is(">")) ParseElements(numbers, sizes, 0, ref areComplex);
        Expect(">");
        var type = ParseDenseType();
        // An empty list does not say how long its items would be.
        if (!isSplat && type.Sizes.Contains(0) && numbers.Count == 0) sizes = [.. type.Sizes];
        return new DenseNumbers(type, numbers, areComplex, isSplat ? null : sizes.ToValueArray(), location);
    }

    private TensorType ParseDenseType()
    {
        Expect(":");
        var location = Here;
        return ParseType() as TensorType ?? throw new StableHloFormatException(location, "dense elements have a ranked tensor type");
    }

    /// <summary>Appends elements; <paramref name="sizes"/> are those of the nested lists, which must be alike.</summary>
    private void ParseElements(List<NumberText> numbers, List<long> sizes, int level, ref bool areComplex)
    {
        if (level > MaximumDepth) throw lexer.Error(current.Start, $"lists are nested deeper than {MaximumDepth}");
        var start = current.Start;
        if (!TryPunctuation("["))
        {
            if (level < sizes.Count) throw Unexpected("'['");
            if (TryPunctuation("("))
            {
                areComplex = true;
                numbers.Add(ParseNumberText());
                Expect(",");
                numbers.Add(ParseNumberText());
                Expect(")");
            }
            else numbers.Add(ParseNumberText());
            return;
        }
        var isFirst = sizes.Count == level;
        if (isFirst && numbers.Count > 0) throw lexer.Error(start, "lists are nested deeper here than before");
        if (isFirst) sizes.Add(-1);
        var count = 0L;
        if (!TryPunctuation("]"))
        {
            do
            {
                ParseElements(numbers, sizes, level + 1, ref areComplex);
                count++;
            }
            while (TryPunctuation(","));
            Expect("]");
        }
        if (sizes[level] < 0) sizes[level] = count;
        else if (sizes[level] != count) throw lexer.Error(start, $"the list has {count} items, but others at its level have {sizes[level]}");
    }
}
