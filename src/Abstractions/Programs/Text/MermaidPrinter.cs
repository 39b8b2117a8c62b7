using System.Globalization;
using System.Text;

namespace BrainState.Programs.Text;

/// <summary>Writes a program as a Mermaid flowchart.</summary>
internal static class MermaidPrinter
{
    public static string Print(Program program)
    {
        var drawing = ProgramDrawing.Of(program);
        var text = new StringBuilder("flowchart TD\n");
        Append(text, drawing.Root, "  ");
        foreach (var edge in drawing.Edges)
            text.Append(CultureInfo.InvariantCulture, $"  n{edge.From} {(edge.Label is null ? "-.->" : $"-->|{Quote(edge.Label)}|")} n{edge.To}\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, ProgramDrawing.Group group, string indent)
    {
        foreach (var node in group.Nodes)
        {
            var (open, close) = node.Kind == NodeKind.Equation ? ("[", "]") : ("([", "])");
            text.Append(CultureInfo.InvariantCulture, $"{indent}n{node.Id}{open}{Quote(node.Label)}{close}\n");
        }
        foreach (var inner in group.Groups)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}subgraph g{inner.Id}[{Quote(inner.Label)}]\n");
            Append(text, inner, indent + "  ");
            text.Append(indent).Append("end\n");
        }
    }

    /// <summary>In quotes, with what Mermaid would read as markup written as its character codes.</summary>
    private static string Quote(string label)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in label)
        {
            if (c is '"' or '#' or '&' or '<' or '>' or '`' or '\\' || char.IsControl(c)) quoted.Append(CultureInfo.InvariantCulture, $"#{(int)c};");
            else quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }
}
