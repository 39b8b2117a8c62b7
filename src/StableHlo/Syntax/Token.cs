namespace BrainState.StableHlo.Syntax;

/// <summary>The kinds of token.</summary>
internal enum TokenKind
{
    /// <summary>The end of the text.</summary>
    End,
    /// <summary>A bare word, such as <c>func.func</c> or <c>dense</c>.</summary>
    Word,
    /// <summary>A value, such as <c>%arg0</c> or <c>%3#1</c>; the text has no <c>%</c>.</summary>
    Value,
    /// <summary>A function, such as <c>@main</c> or <c>@"a b"</c>; the text is the name.</summary>
    Symbol,
    /// <summary>A block, such as <c>^bb0</c>; the text has no <c>^</c>.</summary>
    Block,
    /// <summary>An attribute alias or dialect attribute, such as <c>#map</c> or <c>#stablehlo.dot</c>; the text has no <c>#</c>.</summary>
    Hash,
    /// <summary>A type alias or dialect type, such as <c>!stablehlo.token</c>; the text has no <c>!</c>.</summary>
    Bang,
    /// <summary>An integer without sign, decimal or hexadecimal.</summary>
    Integer,
    /// <summary>A number with a point, without sign.</summary>
    Float,
    /// <summary>A quoted text; the token's text is unescaped.</summary>
    String,
    /// <summary>One of <c>( ) { } [ ] &lt; &gt; , : = - ? * -&gt; {-#</c> and the like.</summary>
    Punctuation,
}

/// <summary>A token: its kind, its text and where it starts.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Start)
{
    /// <summary>Whether this is the punctuation <paramref name="text"/>.</summary>
    public bool Is(string text) => Kind == TokenKind.Punctuation && Text == text;

    /// <summary>Whether this is the bare word <paramref name="text"/>.</summary>
    public bool IsWord(string text) => Kind == TokenKind.Word && Text == text;

    /// <summary>As in the text, for messages.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end of the text",
        TokenKind.Value => $"'%{Text}'",
        TokenKind.Symbol => $"'@{Text}'",
        TokenKind.Block => $"'^{Text}'",
        TokenKind.Hash => $"'#{Text}'",
        TokenKind.Bang => $"'!{Text}'",
        TokenKind.String => Text.Length > 40 ? $"\"{Text[..40]}…\"" : $"\"{Text}\"",
        _ => $"'{Text}'",
    };
}
