using BrainState.Programs;
using BrainState.Tracing;

namespace BrainState.Conformance;

/// <summary>Programs written as functions of tensors.</summary>
internal static class Traced
{
    /// <summary>The program of a function that uses no other tensors than its arguments.</summary>
    public static Program Program(ReadOnlySpan<TensorSpec> inputs, Func<Tensor[], Tensor[]> function)
    {
        var arguments = new Aval[inputs.Length];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = new(inputs[i], false);
        return Trace.Run(arguments, function).Program;
    }

    /// <inheritdoc cref="Program(ReadOnlySpan{TensorSpec}, Func{Tensor[], Tensor[]})"/>
    public static Program Program(TensorSpec input, Func<Tensor, Tensor> function) => Program([input], x => [function(x[0])]);

    /// <summary>The program with only such outputs as the contract lets a backend see: computed ones, each once.</summary>
    public static Program Computed(Program program)
    {
        var builder = Equations.Copy(program);
        return builder.Build([.. program.Outputs.Where(o => !o.IsLiteral && o.Value >= program.Inputs.Length).Distinct()]);
    }
}
