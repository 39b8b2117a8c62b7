using System.Collections.Immutable;
using BrainState.Programs.Text;

namespace BrainState.Programs;

/// <summary>
/// A closed, typed, pure computation: inputs, equations, outputs. Values are numbered by position, inputs first and then the
/// results of each equation, so programs that compute the same thing in the same order are equal and hash alike.
/// Make one with <see cref="ProgramBuilder"/>; it cannot be ill-typed.
/// </summary>
public sealed class Program : IEquatable<Program>
{
    private readonly ImmutableArray<TensorSpec> values;
    private int hash; // 0 until somebody asks: most programs are only a step on the way to another.

    internal Program(int inputCount, ImmutableArray<TensorSpec> values, ImmutableArray<Equation> equations, ImmutableArray<Operand> outputs)
    {
        this.values = values;
        Inputs = values[..inputCount];
        Equations = equations;
        Outputs = outputs;
        OutputSpecs = [.. outputs.Select(SpecOf)];
    }

    /// <summary>The specs of the inputs, which are the values 0, 1, ….</summary>
    public ImmutableArray<TensorSpec> Inputs { get; }

    /// <summary>The steps, in an order in which every value is computed before it is read.</summary>
    public ImmutableArray<Equation> Equations { get; }

    /// <summary>What the program returns.</summary>
    public ImmutableArray<Operand> Outputs { get; }

    /// <summary>The specs of the outputs.</summary>
    public ImmutableArray<TensorSpec> OutputSpecs { get; }

    /// <summary>The number of values: inputs and results of all equations.</summary>
    public int ValueCount => values.Length;

    /// <summary>Whether running it can be observed other than through its outputs.</summary>
    public bool HasEffects => Equations.Any(static e => e.Op.HasEffects);

    /// <summary>The spec of the value numbered <paramref name="value"/>.</summary>
    public TensorSpec SpecOf(int value) => values[value];

    /// <summary>The spec of an operand of one of this program's equations or outputs.</summary>
    public TensorSpec SpecOf(Operand operand) => operand.IsLiteral ? new(operand.Literal.DType, Shape.Scalar) : values[operand.Value];

    /// <inheritdoc/>
    public bool Equals(Program? other) =>
        ReferenceEquals(this, other)
        || (other is not null && GetHashCode() == other.GetHashCode() && Inputs.AsSpan().SequenceEqual(other.Inputs.AsSpan())
            && Outputs.AsSpan().SequenceEqual(other.Outputs.AsSpan()) && Equations.AsSpan().SequenceEqual(other.Equations.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Program);

    /// <inheritdoc/>
    public override int GetHashCode() => hash != 0 ? hash : hash = ComputeHash();

    /// <summary>The program as JAX prints a jaxpr.</summary>
    public override string ToString() => JaxprPrinter.Print(this);

    /// <summary>The full form, which <see cref="Parse"/> reads back exactly.</summary>
    public string ToFullText() => FullTextPrinter.Print(this);

    /// <summary>A picture of the program, as a Mermaid flowchart: equations as boxes, edges labelled with specs, bodies and named scopes as groups.</summary>
    public string ToMermaid() => MermaidPrinter.Print(this);

    /// <summary>The same picture in the DOT language of Graphviz.</summary>
    public string ToGraphviz() => GraphvizPrinter.Print(this);

    /// <summary>Reads the full form.</summary>
    /// <exception cref="ProgramFormatException">The text is not a well-formed, well-typed program; the message says where.</exception>
    public static Program Parse(string text) => ProgramParser.Parse(text);

    private int ComputeHash()
    {
        var code = new HashCode();
        foreach (var input in Inputs) code.Add(input);
        foreach (var equation in Equations) code.Add(equation);
        foreach (var output in Outputs) code.Add(output);
        return code.ToHashCode() is var computed and not 0 ? computed : 1;
    }
}
