using System.Diagnostics.CodeAnalysis;

namespace BrainState.StableHlo.Syntax;

/// <content>Tokens.</content>
internal sealed partial class Parser
{
    private Token Advance()
    {
        var token = current;
        current = lexer.Next();
        return token;
    }

    private bool TryPunctuation(string text)
    {
        if (!current.Is(text)) return false;
        Advance();
        return true;
    }

    private bool TryWord(string text)
    {
        if (!current.IsWord(text)) return false;
        Advance();
        return true;
    }

    private void Expect(string punctuation)
    {
        if (!TryPunctuation(punctuation)) throw Unexpected($"'{punctuation}'");
    }

    private Token Expect(TokenKind kind, string what) => current.Kind == kind ? Advance() : throw Unexpected(what);

    /// <summary>Items with commas between them, up to <paramref name="close"/>.</summary>
    private List<T> ParseSequence<T>(string close, Func<T> parseItem)
    {
        var items = new List<T>();
        ParseSequence(close, () => items.Add(parseItem()));
        return items;
    }

    private void ParseSequence(string close, Action parseItem)
    {
        if (TryPunctuation(close)) return;
        do parseItem();
        while (TryPunctuation(","));
        Expect(close);
    }

    private StableHloFormatException Unexpected(string expected) => lexer.Error(current.Start, $"{expected} is expected, but {current} was found");
}
