using System.Collections.Immutable;
using BrainState.Ops;

namespace BrainState.Programs;

/// <summary>One step of a program: <c>outs = op[params](ins)</c>.</summary>
public sealed class Equation : IEquatable<Equation>
{
    internal Equation(Op op, ImmutableArray<Operand> inputs, ImmutableArray<TensorSpec> outputs, int firstOutput, Origin? origin) =>
        (Op, Inputs, Outputs, FirstOutput, Origin) = (op, inputs, outputs, firstOutput, origin);

    /// <summary>What is computed.</summary>
    public Op Op { get; }

    /// <summary>What it is computed from.</summary>
    public ImmutableArray<Operand> Inputs { get; }

    /// <summary>The specs of the results.</summary>
    public ImmutableArray<TensorSpec> Outputs { get; }

    /// <summary>The value number of the first result; the others follow.</summary>
    public int FirstOutput { get; }

    /// <summary>Where it comes from, if that is known. Equality and texts leave it out.</summary>
    public Origin? Origin { get; }

    /// <summary>The results as operands.</summary>
    internal Operand[] Results()
    {
        var results = new Operand[Outputs.Length];
        for (var i = 0; i < results.Length; i++) results[i] = Operand.Of(FirstOutput + i);
        return results;
    }

    /// <inheritdoc/>
    public bool Equals(Equation? other) =>
        other is not null && FirstOutput == other.FirstOutput && Op.Equals(other.Op)
        && Inputs.AsSpan().SequenceEqual(other.Inputs.AsSpan()) && Outputs.AsSpan().SequenceEqual(other.Outputs.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Equation);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Op);
        foreach (var input in Inputs) hash.Add(input);
        return hash.ToHashCode();
    }
}
