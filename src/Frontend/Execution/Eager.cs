using System.Collections.Concurrent;
using BrainState.Debugging;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Tracing;

namespace BrainState.Execution;

/// <summary>Runs ops outside of traces: each is a program of one equation, compiled once per engine and operand specs.</summary>
internal static class Eager
{
    private static readonly ConcurrentDictionary<(Op Op, ValueArray<TensorSpec> Inputs), Program> Programs = new();

    /// <summary>Applies an op now, or records it if a trace is in progress.</summary>
    public static Tensor[] Bind(Op op, params ReadOnlySpan<Tensor> inputs)
    {
        if (Trace.Current is { } trace) return Trace.Emit(trace, op, inputs);

        var specs = new TensorSpec[inputs.Length];
        for (var i = 0; i < specs.Length; i++) specs[i] = inputs[i].Spec;
        var key = (op, ValueArray.Create<TensorSpec>(specs));
        if (!Programs.TryGetValue(key, out var program))
        {
            var builder = new ProgramBuilder();
            var operands = Array.ConvertAll(specs, builder.AddInput);
            program = builder.Build(builder.AddAll(op, operands));
            if (Programs.Count >= 4096) Programs.Clear();
            Programs.TryAdd(key, program);
        }
        var outputs = Run(program, inputs);
        if (!Weakness.OfResults(op, inputs)) return outputs;
        for (var i = 0; i < outputs.Length; i++)
        {
            var strong = outputs[i];
            outputs[i] = strong.Share(isWeak: true);
            strong.Dispose();
        }
        return outputs;
    }

    /// <summary>Runs a program on tensors now.</summary>
    public static Tensor[] Run(Program program, ReadOnlySpan<Tensor> inputs)
    {
        if (Environ.IsDebuggingNan) return NanCheck.Run(program, inputs);
        var engine = Engine.Current;
        var compiled = engine.Compile(program);
        var arguments = new SharedBuffer[inputs.Length];
        var results = new SharedBuffer[program.Outputs.Length];
        var held = 0;
        try
        {
            for (; held < arguments.Length; held++) arguments[held] = inputs[held].Acquire(engine);
            compiled.Execute(arguments, results);
        }
        finally
        {
            foreach (var argument in arguments.AsSpan(0, held)) argument.Release();
        }
        var outputs = new Tensor[results.Length];
        for (var i = 0; i < outputs.Length; i++) outputs[i] = Tensor.FromBuffer(results[i]);
        return outputs;
    }
}
