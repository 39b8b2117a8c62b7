namespace BrainState.StableHlo.Syntax;

/// <content>Types.</content>
internal sealed partial class Parser
{
    private static bool IsTypeStart(Token token) =>
        token.Kind == TokenKind.Bang || token.Is("(")
        || (token.Kind == TokenKind.Word && (token.Text is "tensor" or "tuple" or "complex" or "vector" or "memref" || IsScalarType(token.Text)));

    private static bool IsScalarType(string word) =>
        word is "index" or "none" or "bf16" || (word.Length > 1
        && (word[0] is 'i' or 'f' ? char.IsAsciiDigit(word[1]) : (word.StartsWith("ui", StringComparison.Ordinal) || word.StartsWith("si", StringComparison.Ordinal)
            || word.StartsWith("tf", StringComparison.Ordinal)) && word.Length > 2 && char.IsAsciiDigit(word[2])));

    private MlirType ParseType()
    {
        if (++depth > MaximumDepth) throw lexer.Error(current.Start, $"types are nested deeper than {MaximumDepth}");
        var type = ParseAnyType();
        depth--;
        return type;
    }

    private MlirType ParseAnyType()
    {
        if (current.Is("(")) return ParseFunctionType();
        if (current.Kind == TokenKind.Bang) return ParseNamedType();
        var word = Expect(TokenKind.Word, "a type");
        switch (word.Text)
        {
            case "tensor":
                return ParseTensorType();
            case "complex":
                Expect("<");
                var part = ParseType();
                Expect(">");
                return new ComplexType(part);
            case "tuple":
                Expect("<");
                return new TupleType(ParseSequence(">", ParseType).ToValueArray());
            default:
                if (IsScalarType(word.Text)) return new ScalarType(word.Text);
                if (current.Is("<")) return new OpaqueType($"{word.Text}<{TakeAngles()}>");
                throw lexer.Error(word.Start, $"{word} is not a type");
        }
    }

    private MlirType ParseNamedType()
    {
        var name = Advance();
        if (typeAliases.TryGetValue(name.Text, out var type)) return type;
        if (!name.Text.Contains('.') && !current.Is("<")) throw lexer.Error(name.Start, $"the type alias {name} is not defined");
        return new OpaqueType(current.Is("<") ? $"!{name.Text}<{TakeAngles()}>" : $"!{name.Text}");
    }

    /// <summary>Sizes and element are written together, as in <c>2x3xf32</c>, so sizes are read before there are tokens.</summary>
    private MlirType ParseTensorType()
    {
        if (!current.Is("<")) throw Unexpected("'<'");
        var sizes = new List<long>();
        while (lexer.NextDimension() is { } size) sizes.Add(size);
        Advance();
        if (current.Is("*")) return new OpaqueType($"tensor<*{TakeAngles(isOpen: true)}>");
        var element = ParseType();
        string? encoding = null;
        if (current.Is(",")) encoding = TakeAngles(isOpen: true).Trim();
        else Expect(">");
        return new TensorType(sizes.ToValueArray(), element, encoding);
    }

    private FunctionType ParseFunctionType()
    {
        Expect("(");
        var inputs = ParseSequence(")", ParseType);
        Expect("->");
        return new(inputs.ToValueArray(), TryPunctuation("(") ? ParseSequence(")", ParseType).ToValueArray() : [ParseType()]);
    }

    /// <summary>What stands between the angle brackets; the current token is the opening one, or the last one before the text that is taken.</summary>
    private string TakeAngles(bool isOpen = false)
    {
        if (!isOpen && !current.Is("<")) throw Unexpected("'<'");
        var body = lexer.TakeBalanced('>');
        current = lexer.Next();
        return body;
    }
}
