using System.Text;

namespace BrainState.Programs.Text;

/// <summary>
/// A pretty-printer after P. Wadler, A prettier printer (2003): a document is text with groups, and a group is printed on one line if it
/// fits there, or with all its breaks as new lines.
/// </summary>
internal abstract record Document
{
    private sealed record TextDocument(string Value) : Document;

    private sealed record BreakDocument(string Flat) : Document;

    private sealed record NestDocument(int Indent, Document Inner) : Document;

    private sealed record GroupDocument(Document Inner) : Document;

    private sealed record ConcatDocument(Document[] Items) : Document;

    public static Document Text(string value) => new TextDocument(value);

    /// <summary>A new line, or <paramref name="flat"/> if the group around it fits on one line.</summary>
    public static Document Break(string flat = " ") => new BreakDocument(flat);

    public static Document Nest(int indent, Document inner) => new NestDocument(indent, inner);

    public static Document Group(Document inner) => new GroupDocument(inner);

    public static Document Concat(params Document[] items) => new ConcatDocument(items);

    public static Document Join(Document separator, IEnumerable<Document> items)
    {
        var joined = new List<Document>();
        foreach (var item in items)
        {
            if (joined.Count > 0) joined.Add(separator);
            joined.Add(item);
        }
        return new ConcatDocument([.. joined]);
    }

    public string Render(int width)
    {
        var output = new StringBuilder();
        var column = 0;
        var pending = new Stack<(int Indent, bool Flat, Document Document)>();
        pending.Push((0, false, this));
        while (pending.TryPop(out var next))
        {
            var (indent, flat, document) = next;
            switch (document)
            {
                case TextDocument text:
                    output.Append(text.Value);
                    column += text.Value.Length;
                    break;
                case BreakDocument line when flat:
                    output.Append(line.Flat);
                    column += line.Flat.Length;
                    break;
                case BreakDocument:
                    output.Append('\n').Append(' ', indent);
                    column = indent;
                    break;
                case NestDocument nest:
                    pending.Push((indent + nest.Indent, flat, nest.Inner));
                    break;
                case GroupDocument group:
                    pending.Push((indent, flat || Fits(group.Inner, width - column), group.Inner));
                    break;
                case ConcatDocument concat:
                    for (var i = concat.Items.Length - 1; i >= 0; i--) pending.Push((indent, flat, concat.Items[i]));
                    break;
            }
        }
        return output.ToString();
    }

    /// <summary>Whether the document, printed flat, is at most <paramref name="width"/> characters; as in JAX, what follows it does not count.</summary>
    private static bool Fits(Document document, int width)
    {
        var pending = new Stack<Document>([document]);
        while (width >= 0 && pending.TryPop(out var next))
        {
            switch (next)
            {
                case TextDocument text: width -= text.Value.Length; break;
                case BreakDocument line: width -= line.Flat.Length; break;
                case NestDocument nest: pending.Push(nest.Inner); break;
                case GroupDocument group: pending.Push(group.Inner); break;
                case ConcatDocument concat:
                    for (var i = concat.Items.Length - 1; i >= 0; i--) pending.Push(concat.Items[i]);
                    break;
            }
        }
        return width >= 0;
    }
}
