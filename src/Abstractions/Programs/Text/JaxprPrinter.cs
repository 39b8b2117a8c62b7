using BrainState.Ops;
using static BrainState.Programs.Text.Document;

namespace BrainState.Programs.Text;

/// <summary>Prints programs as JAX prints a jaxpr: variables are letters in order of appearance, lines are broken at 80 characters.</summary>
public sealed class JaxprPrinter
{
    private const int Width = 80;
    private int named;

    private JaxprPrinter() { }

    /// <summary>The jaxpr of <paramref name="program"/>, with its first <paramref name="constantCount"/> inputs before the semicolon.</summary>
    public static string Print(Program program, int constantCount = 0) => new JaxprPrinter().Format(program, constantCount).Render(Width);

    /// <summary>The op with its parameters.</summary>
    public static string Print(Op op) => Concat(Document.Text(op.Name), new JaxprPrinter().FormatParameters(op)).Render(Width);

    private Document Format(Program program, int constantCount)
    {
        var names = new string[program.ValueCount];
        string Declare(int value) => $"{names[value] = NextName()}:{program.SpecOf(value)}";
        string Read(Operand operand) => operand.IsLiteral ? ParameterText.Of(operand.Literal) : names[operand.Value];

        var inputs = Enumerable.Range(0, program.Inputs.Length).Select(Declare).ToArray();
        var equations = new List<Document>();
        foreach (var equation in program.Equations)
        {
            var results = string.Join(' ', Enumerable.Range(equation.FirstOutput, equation.Outputs.Length).Select(Declare));
            equations.Add(Concat(
                Document.Text(results.Length > 0 ? $"{results} = {equation.Op.Name}" : equation.Op.Name),
                FormatParameters(equation.Op),
                Document.Text(string.Concat(equation.Inputs.Select(i => " " + Read(i))))));
        }
        var outputs = program.Outputs.Select(Read).ToArray();

        var header = $"{{ lambda {string.Join(' ', inputs[..constantCount])}; {string.Join(' ', inputs[constantCount..])}. let";
        return Group(Concat(
            Nest(2, Concat(
                Document.Text(header),
                Nest(2, Concat(Break(), Join(Break("; "), equations))),
                Break(),
                Document.Text(outputs.Length == 1 ? $"in ({outputs[0]},)" : $"in ({string.Join(", ", outputs)})"))),
            Document.Text(" }")));
    }

    private Document FormatParameters(Op op)
    {
        if (op.Parameters.Count == 0) return Document.Text("");
        var parameters = op.Parameters.Where(static p => p.Value is not null)
            .Select(p => Concat(Document.Text(p.Name + "="), FormatValue(p.Value)));
        return Group(Concat(
            Nest(2, Concat(Document.Text("["), Break(""), Join(Break(), parameters))), Break(""), Document.Text("]")));
    }

    private Document FormatValue(object? value) => value switch
    {
        Program body => Format(body, 0),
        ValueArray<Program> bodies => Concat(
            Document.Text("("),
            Nest(2, Concat(Break(""), Join(Concat(Document.Text(","), Break()), bodies.Select(b => Format(b, 0))))),
            Break(""), Document.Text(bodies.Count == 1 ? ",)" : ")")),
        _ => Document.Text(ParameterText.Of(value)),
    };

    /// <summary>a … z, ba, bb, …: the number in base 26 with letters for digits, as JAX counts.</summary>
    private string NextName()
    {
        var number = named++;
        var name = "";
        do
        {
            name = (char)('a' + number % 26) + name;
            number /= 26;
        }
        while (number > 0);
        return name;
    }
}
