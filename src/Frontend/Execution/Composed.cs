using System.Collections.Concurrent;
using BrainState.Programs;
using BrainState.Tracing;

namespace BrainState.Execution;

/// <summary>
/// Functions made of several ops. Inside a trace they simply record their equations; outside, all of it runs as one program, traced once per
/// name, static arguments and operand types.
/// </summary>
internal static class Composed
{
    private static readonly ConcurrentDictionary<Key, (Program Program, bool[] IsWeak)> Programs = new();

    private readonly record struct Key(string Function, object? Statics, ValueArray<Aval> Inputs, DType Float, DType Integer);

    /// <summary>Applies <paramref name="body"/>, whose result must depend on nothing but <paramref name="statics"/> and <paramref name="inputs"/>.</summary>
    public static Tensor Run<TStatics>(string function, TStatics statics, ReadOnlySpan<Tensor> inputs, Func<TStatics, Tensor[], Tensor> body) =>
        RunAll(function, statics, inputs, (s, x) => [body(s, x)])[0];

    /// <inheritdoc cref="Run"/>
    public static Tensor[] RunAll<TStatics>(string function, TStatics statics, ReadOnlySpan<Tensor> inputs, Func<TStatics, Tensor[], Tensor[]> body)
    {
        if (Trace.Current is not null) return body(statics, inputs.ToArray());

        var avals = new Aval[inputs.Length];
        for (var i = 0; i < avals.Length; i++) avals[i] = Aval.Of(inputs[i]);
        var key = new Key(function, statics, ValueArray.Create<Aval>(avals), Environ.DefaultFloat, Environ.DefaultInteger);
        if (!Programs.TryGetValue(key, out var traced))
        {
            using var everywhere = Origins.Forget();
            var result = Trace.Run(avals, arguments => body(statics, arguments));
            if (result.Captures.Length > 0 || result.States.Length > 0)
                throw new InvalidOperationException($"The body of {function} depends on more than its arguments.");
            if (Programs.Count >= 4096) Programs.Clear();
            Programs[key] = traced = (result.Program, result.IsOutputWeak);
        }
        var outputs = Eager.Run(traced.Program, inputs);
        for (var i = 0; i < outputs.Length; i++)
        {
            if (!traced.IsWeak[i]) continue;
            var strong = outputs[i];
            outputs[i] = strong.Share(isWeak: true);
            strong.Dispose();
        }
        return outputs;
    }
}
