using System.Globalization;
using BrainState.Ops;

namespace BrainState.Programs.Text;

/// <summary>What is to be seen of a node.</summary>
internal enum NodeKind
{
    Input,
    Equation,
    Output,
}

/// <summary>A program as a picture: nodes in nested groups, and edges between them. The printers only differ in how they write it.</summary>
internal sealed class ProgramDrawing
{
    private int nodeCount;
    private int groupCount;

    private ProgramDrawing(Program program)
    {
        Root = new(0, "");
        Add(program, Root);
    }

    public readonly record struct Node(int Id, string Label, NodeKind Kind);

    /// <param name="From">The node that computes a value, or the equation that runs a body.</param>
    /// <param name="To">The node that reads it, or the first node of the body.</param>
    /// <param name="Label">The spec of the value, or null for a body.</param>
    public readonly record struct Edge(int From, int To, string? Label);

    public sealed record Group(int Id, string Label)
    {
        public List<Node> Nodes { get; } = [];

        public List<Group> Groups { get; } = [];
    }

    public Group Root { get; }

    public List<Edge> Edges { get; } = [];

    public static ProgramDrawing Of(Program program) => new(program);

    /// <summary>Adds a program; returns its first node, or −1 if it has none.</summary>
    private int Add(Program program, Group group)
    {
        var first = nodeCount;
        var producers = new int[program.ValueCount];
        for (var i = 0; i < program.Inputs.Length; i++) producers[i] = AddNode(group, string.Create(CultureInfo.InvariantCulture, $"input {i}: {program.Inputs[i]}"), NodeKind.Input);
        foreach (var equation in program.Equations)
        {
            var node = AddNode(Scope(group, equation.Origin?.Scope ?? ""), Label(equation), NodeKind.Equation);
            producers.AsSpan(equation.FirstOutput, equation.Outputs.Length).Fill(node);
            foreach (var input in equation.Inputs) Connect(input, node);
            foreach (var (name, body) in Bodies(equation.Op))
            {
                if (Add(body, Inner(group, $"{equation.Op.Name} {name}")) is >= 0 and var start) Edges.Add(new(node, start, null));
            }
        }
        for (var i = 0; i < program.Outputs.Length; i++)
        {
            var output = program.Outputs[i];
            var value = output.IsLiteral ? ParameterText.Of(output.Literal) : program.OutputSpecs[i].ToString();
            Connect(output, AddNode(group, string.Create(CultureInfo.InvariantCulture, $"output {i}: {value}"), NodeKind.Output));
        }
        return nodeCount > first ? first : -1;

        void Connect(Operand operand, int node)
        {
            if (!operand.IsLiteral) Edges.Add(new(producers[operand.Value], node, program.SpecOf(operand).ToString()));
        }
    }

    private int AddNode(Group group, string label, NodeKind kind)
    {
        group.Nodes.Add(new(nodeCount, label, kind));
        return nodeCount++;
    }

    private Group Inner(Group group, string label)
    {
        group.Groups.Add(new(++groupCount, label));
        return group.Groups[^1];
    }

    /// <summary>The group of a scope such as <c>encoder/attention</c>, with one group per part.</summary>
    private Group Scope(Group group, string scope)
    {
        foreach (var part in scope.Split('/', StringSplitOptions.RemoveEmptyEntries))
            group = group.Groups.Find(g => g.Label == part) ?? Inner(group, part);
        return group;
    }

    /// <summary>The op with its parameters except bodies, then the literals among its operands.</summary>
    private static string Label(Equation equation)
    {
        var parameters = equation.Op.Parameters.Where(static p => p.Value is not (null or Program or ValueArray<Program>)).Select(static p => $"{p.Name}={ParameterText.Of(p.Value)}");
        var text = string.Join(' ', parameters);
        var literals = string.Concat(equation.Inputs.Where(static i => i.IsLiteral).Select(static i => " " + ParameterText.Of(i.Literal)));
        return $"{equation.Op.Name}{(text.Length > 0 ? $"[{text}]" : "")}{literals}";
    }

    private static IEnumerable<(string Name, Program Body)> Bodies(Op op) => op.Parameters.SelectMany(static p => p.Value switch
    {
        Program body => [(p.Name, body)],
        ValueArray<Program> bodies => bodies.Select((body, i) => (string.Create(CultureInfo.InvariantCulture, $"{p.Name}[{i}]"), body)),
        _ => Enumerable.Empty<(string, Program)>(),
    });
}
