using System.Collections.Immutable;
using BrainState.Execution;
using BrainState.Programs;
using BrainState.Tracing;

namespace BrainState.Differentiation;

/// <summary>Programs as functions of tensors.</summary>
internal static class ProgramFunction
{
    /// <summary>Runs a program now, or records its equations if a trace is in progress.</summary>
    public static Tensor[] Apply(Program program, params ReadOnlySpan<Tensor> inputs)
    {
        if (Trace.Current is null) return Eager.Run(program, inputs);
        if (Trace.TryInline(program, inputs) is { } recorded) return recorded;

        var values = new Tensor[program.ValueCount];
        inputs.CopyTo(values);
        using var origins = Origins.Derive();
        foreach (var equation in program.Equations)
        {
            origins.From(equation.Origin);
            Eager.Bind(equation.Op, Read(equation.Inputs, values)).CopyTo(values, equation.FirstOutput);
        }
        return Read(program.Outputs, values);
    }

    /// <summary>The tensors that operands stand for, in a program whose values are these.</summary>
    public static Tensor[] Read(ImmutableArray<Operand> operands, Tensor[] values)
    {
        var read = new Tensor[operands.Length];
        for (var i = 0; i < read.Length; i++) read[i] = operands[i].IsLiteral ? Literal(operands[i].Literal) : values[operands[i].Value];
        return read;
    }

    /// <summary>A scalar of exactly the literal's value.</summary>
    public static Tensor Literal(Scalar literal) => Tensor.FromScalar(literal);
}
