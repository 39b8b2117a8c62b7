using System.Globalization;
using System.Text;

namespace BrainState.Programs.Text;

/// <summary>Writes a program in the DOT language of Graphviz.</summary>
internal static class GraphvizPrinter
{
    public static string Print(Program program)
    {
        var drawing = ProgramDrawing.Of(program);
        var text = new StringBuilder("digraph program {\n  node [shape=box];\n");
        Append(text, drawing.Root, "  ");
        foreach (var edge in drawing.Edges)
            text.Append(CultureInfo.InvariantCulture, $"  n{edge.From} -> n{edge.To} [{(edge.Label is null ? "style=dotted" : $"label={Quote(edge.Label)}")}];\n");
        return text.Append("}\n").ToString();
    }

    private static void Append(StringBuilder text, ProgramDrawing.Group group, string indent)
    {
        foreach (var node in group.Nodes)
            text.Append(CultureInfo.InvariantCulture, $"{indent}n{node.Id} [label={Quote(node.Label)}{(node.Kind == NodeKind.Equation ? "" : ", shape=ellipse")}];\n");
        foreach (var inner in group.Groups)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}subgraph cluster_{inner.Id} {{\n{indent}  label={Quote(inner.Label)};\n");
            Append(text, inner, indent + "  ");
            text.Append(indent).Append("}\n");
        }
    }

    private static string Quote(string label)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in label)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else quoted.Append(char.IsControl(c) ? ' ' : c);
        }
        return quoted.Append('"').ToString();
    }
}
