using BrainState.Interpretation;
using BrainState.Programs;
using BrainState.Tracing;
using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>Functions as programs. Nothing is computed, so that no backend is needed.</summary>
internal static class Traced
{
    /// <summary>The program of a function, and the tensors that it closes over, which are the first inputs.</summary>
    public static (Program Program, HostValue[] Captures) Of(Func<Tensor[], Tensor[]> function, IEnumerable<TensorSpec> arguments)
    {
        var traced = Trace.Run([.. arguments.Select(static s => new Aval(s, false))], function);
        return (traced.Program, [.. traced.Captures.Select(TensorValues.ToHost)]);
    }

    /// <summary>The program of a function that uses no other tensors than its arguments.</summary>
    public static Program Program(ReadOnlySpan<TensorSpec> inputs, Func<Tensor[], Tensor[]> function) => Of(function, inputs.ToArray()).Program;

    /// <inheritdoc cref="Program(ReadOnlySpan{TensorSpec}, Func{Tensor[], Tensor[]})"/>
    public static Program Program(TensorSpec input, Func<Tensor, Tensor> function) => Program([input], x => [function(x[0])]);

    /// <summary>The program with only such outputs as the contract lets a backend see: computed ones, each once.</summary>
    public static Program Computed(Program program)
    {
        var builder = Equations.Copy(program);
        return builder.Build([.. program.Outputs.Where(o => !o.IsLiteral && o.Value >= program.Inputs.Length).Distinct()]);
    }

    /// <summary>What reverse mode makes of a program: from its inputs and a cotangent for each differentiable output, a cotangent for each differentiable input.</summary>
    public static Program Pullback(Program program)
    {
        var function = Function.From(program);
        return Of(given =>
        {
            var inputs = given[..program.Inputs.Length];
            Tensor[] F(Tensor[] x)
            {
                var moving = new Queue<Tensor>(x);
                return Differentiable(function.Invoke([.. inputs.Select(value => value.DType.IsDifferentiable ? moving.Dequeue() : value)]));
            }
            return Vjp<Tensor[], Tensor[]>(F, Differentiable(inputs)).Pullback(given[inputs.Length..]);
        }, [.. program.Inputs, .. program.OutputSpecs.Where(static s => s.DType.IsDifferentiable)]).Program;
    }

    private static Tensor[] Differentiable(Tensor[] values) => [.. values.Where(static v => v.DType.IsDifferentiable)];
}
