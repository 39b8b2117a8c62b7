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

        var values = new Tensor[program.ValueCount];
        inputs.CopyTo(values);
        Func<Operand, Tensor> value = operand => operand.IsLiteral ? Literal(operand.Literal) : values[operand.Value];
        using var origins = Origins.Derive();
        foreach (var equation in program.Equations)
        {
            origins.From(equation.Origin);
            Eager.Bind(equation.Op, equation.Inputs.Select(value).ToArray()).CopyTo(values, equation.FirstOutput);
        }
        return program.Outputs.Select(value).ToArray();
    }

    /// <summary>A scalar of exactly the literal's value.</summary>
    public static Tensor Literal(Scalar literal) => Tensor.FromScalar(literal);
}
