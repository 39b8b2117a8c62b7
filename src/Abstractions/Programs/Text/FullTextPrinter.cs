using System.Text;

namespace BrainState.Programs.Text;

/// <summary>
/// Prints the full form: one equation per line, values by number, every parameter, exact literals. It is how bugs are reported and
/// cases are stored; <see cref="ProgramParser"/> reads it back to an equal program.
/// </summary>
/// <example><code>
/// program(%0:f32[2], %1:f32[2]) {
///   %2:f32[2] = mul %0 0.5:f32[]
///   %3:f32[2] = add %2 %1
///   return %3
/// }
/// </code></example>
internal static class FullTextPrinter
{
    public static string Print(Program program)
    {
        var output = new StringBuilder();
        Append(output, program, "");
        return output.ToString();
    }

    private static void Append(StringBuilder output, Program program, string indent)
    {
        output.Append("program(").AppendJoin(", ", program.Inputs.Select((spec, i) => $"%{i}:{spec}")).Append(") {\n");
        foreach (var equation in program.Equations)
        {
            output.Append(indent).Append("  ")
                .AppendJoin(' ', equation.Outputs.Select((spec, i) => $"%{equation.FirstOutput + i}:{spec}"))
                .Append(equation.Outputs.IsEmpty ? "" : " = ")
                .Append(equation.Op.Name);
            AppendParameters(output, equation, indent + "  ");
            foreach (var input in equation.Inputs) output.Append(' ').Append(Text(input));
            output.Append('\n');
        }
        output.Append(indent).Append("  return");
        if (!program.Outputs.IsEmpty) output.Append(' ').AppendJoin(", ", program.Outputs.Select(Text));
        output.Append('\n').Append(indent).Append('}');
    }

    private static void AppendParameters(StringBuilder output, Equation equation, string indent)
    {
        var parameters = equation.Op.Parameters;
        if (parameters.Count == 0) return;
        output.Append('[');
        for (var i = 0; i < parameters.Count; i++)
        {
            if (i > 0) output.Append(' ');
            output.Append(parameters[i].Name).Append('=');
            AppendValue(output, parameters[i].Value, indent);
        }
        output.Append(']');
    }

    private static void AppendValue(StringBuilder output, object? value, string indent)
    {
        switch (value)
        {
            case Program body:
                Append(output, body, indent);
                break;
            case ValueArray<Program> bodies:
                output.Append('(');
                foreach (var body in bodies)
                {
                    Append(output, body, indent);
                    output.Append(", ");
                }
                output.Append(')');
                break;
            default:
                output.Append(ParameterText.Of(value));
                break;
        }
    }

    private static string Text(Operand operand) => operand.IsLiteral ? ParameterText.Of(operand.Literal) : $"%{operand.Value}";
}
