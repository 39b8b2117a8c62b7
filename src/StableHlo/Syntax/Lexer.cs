using System.Text;

namespace BrainState.StableHlo.Syntax;

/// <summary>Splits MLIR text into tokens. White space and <c>//</c> comments separate them.</summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] LongPunctuation = ["->", "{-#", "#-}", "::"];
    private const string Punctuation = "(){}[]<>,:=-?*+|/";
    private readonly List<int> lineStarts = LineStarts(text);

    /// <summary>Where the next token is looked for.</summary>
    public int Position { get; set; }

    /// <summary>The line and column of a position.</summary>
    public Location LocationOf(int position)
    {
        var line = lineStarts.BinarySearch(position);
        if (line < 0) line = ~line - 1;
        return new(line + 1, position - lineStarts[line] + 1);
    }

    /// <summary>An error at a position.</summary>
    public StableHloFormatException Error(int position, string message) => new(LocationOf(position), message);

    /// <summary>The next token.</summary>
    public Token Next()
    {
        SkipSpace();
        var start = Position;
        if (start == text.Length) return new(TokenKind.End, "", start);
        var first = text[start];
        if (char.IsAsciiLetter(first) || first == '_') return new(TokenKind.Word, Take(IsWordCharacter), start);
        if (char.IsAsciiDigit(first)) return Number();
        if (first == '"') return new(TokenKind.String, Quoted(), start);
        foreach (var symbol in LongPunctuation)
        {
            if (!text.AsSpan(start).StartsWith(symbol, StringComparison.Ordinal)) continue;
            Position += symbol.Length;
            return new(TokenKind.Punctuation, symbol, start);
        }
        if (Punctuation.Contains(first))
        {
            Position++;
            return new(TokenKind.Punctuation, first.ToString(), start);
        }
        return Prefixed(first);
    }

    /// <summary>Skips white space and comments, then reads the size and the <c>x</c> after it, as in <c>2x3xf32</c>; null where there is none. A size that is not known is −1.</summary>
    public long? NextDimension()
    {
        SkipSpace();
        var start = Position;
        var end = start;
        if (end < text.Length && text[end] == '?') end++;
        else
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        if (end == start || end == text.Length || text[end] != 'x') return null;
        Position = end + 1;
        if (text[start] == '?') return -1;
        return long.TryParse(text.AsSpan(start, end - start), out var size) ? size : throw Error(start, "the size is too large");
    }

    /// <summary>The text from here to the bracket that closes the one before, which is skipped. Brackets in between come in pairs.</summary>
    public string TakeBalanced(char close)
    {
        var start = Position;
        var open = new Stack<char>();
        while (Position < text.Length)
        {
            var c = text[Position];
            if (open.Count == 0 && c == close && !IsArrowHead())
            {
                Position++;
                return text[start..(Position - 1)];
            }
            if (c == '"')
            {
                Quoted();
                continue;
            }
            if (c is '(' or '[' or '{' or '<') open.Push(c switch { '(' => ')', '[' => ']', '{' => '}', _ => '>' });
            else if (open.Count > 0 && c == open.Peek() && !IsArrowHead()) open.Pop();
            Position++;
        }
        throw Error(start, $"'{close}' is missing");
    }

    private bool IsArrowHead() => text[Position] == '>' && Position > 0 && text[Position - 1] == '-';

    private void SkipSpace()
    {
        while (Position < text.Length)
        {
            if (char.IsWhiteSpace(text[Position])) Position++;
            else if (text.AsSpan(Position).StartsWith("//", StringComparison.Ordinal))
            {
                var end = text.IndexOf('\n', Position);
                Position = end < 0 ? text.Length : end;
            }
            else return;
        }
    }

    private Token Prefixed(char prefix)
    {
        var start = Position++;
        switch (prefix)
        {
            case '%':
                var name = Take(IsSuffixCharacter);
                if (name.Length == 0) throw Error(start, "a value has no name");
                if (Position < text.Length - 1 && text[Position] == '#' && char.IsAsciiDigit(text[Position + 1]))
                {
                    Position++;
                    name += "#" + Take(char.IsAsciiDigit);
                }
                return new(TokenKind.Value, name, start);
            case '@':
                var symbol = Position < text.Length && text[Position] == '"' ? Quoted() : Take(IsSuffixCharacter);
                return new(TokenKind.Symbol, symbol, start);
            case '^':
                return new(TokenKind.Block, Take(IsSuffixCharacter), start);
            case '#':
                return new(TokenKind.Hash, Take(IsSuffixCharacter), start);
            case '!':
                return new(TokenKind.Bang, Take(IsSuffixCharacter), start);
            default:
                throw Error(start, $"'{prefix}' (U+{(int)prefix:X4}) has no meaning here");
        }
    }

    private Token Number()
    {
        var start = Position;
        if (text[start] == '0' && start + 2 < text.Length && text[start + 1] == 'x' && char.IsAsciiHexDigit(text[start + 2]))
        {
            Position += 2;
            Take(char.IsAsciiHexDigit);
            return new(TokenKind.Integer, text[start..Position], start);
        }
        Take(char.IsAsciiDigit);
        if (Position == text.Length || text[Position] != '.') return new(TokenKind.Integer, text[start..Position], start);
        Position++;
        Take(char.IsAsciiDigit);
        if (Position < text.Length && text[Position] is 'e' or 'E')
        {
            Position++;
            if (Position < text.Length && text[Position] is '+' or '-') Position++;
            if (Take(char.IsAsciiDigit).Length == 0) throw Error(start, "the exponent has no digits");
        }
        return new(TokenKind.Float, text[start..Position], start);
    }

    /// <summary>Escapes are a quote, a backslash, n, t, or two hexadecimal digits.</summary>
    private string Quoted()
    {
        var start = Position++;
        var end = text.AsSpan(Position).IndexOfAny('"', '\\');
        if (end >= 0 && text[Position + end] == '"')
        {
            Position += end + 1;
            return text[(start + 1)..(Position - 1)];
        }
        var value = new StringBuilder();
        while (Position < text.Length)
        {
            var c = text[Position++];
            if (c == '"') return value.ToString();
            if (c != '\\') value.Append(c);
            else if (Position < text.Length && text[Position] is '"' or '\\' or 'n' or 't')
                value.Append(text[Position++] switch { 'n' => '\n', 't' => '\t', var other => other });
            else if (Position + 1 < text.Length && char.IsAsciiHexDigit(text[Position]) && char.IsAsciiHexDigit(text[Position + 1]))
            {
                value.Append((char)Convert.ToByte(text.Substring(Position, 2), 16));
                Position += 2;
            }
            else throw Error(Position - 1, "the escape sequence is unknown");
        }
        throw Error(start, "the quoted text does not end");
    }

    private string Take(Func<char, bool> belongs)
    {
        var start = Position;
        while (Position < text.Length && belongs(text[Position])) Position++;
        return text[start..Position];
    }

    private static List<int> LineStarts(string text)
    {
        List<int> starts = [0];
        for (var i = text.IndexOf('\n'); i >= 0; i = text.IndexOf('\n', i + 1)) starts.Add(i + 1);
        return starts;
    }

    private static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '$';

    /// <summary>Names after a prefix may have a minus inside.</summary>
    private static bool IsSuffixCharacter(char c) => IsWordCharacter(c) || c == '-';
}
