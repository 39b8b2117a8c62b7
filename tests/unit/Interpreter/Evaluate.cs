using BrainState.Backends;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Interpretation;

/// <summary>Runs ops and programs on the interpreter and on a backend.</summary>
internal static class Evaluate
{
    /// <summary>The program with one equation.</summary>
    public static Program ProgramOf(Op op, IEnumerable<TensorSpec> operands)
    {
        var builder = new ProgramBuilder();
        Operand[] inputs = [.. operands.Select(builder.AddInput)];
        return builder.Build(builder.AddAll(op, inputs));
    }

    /// <summary>The results of an op on the interpreter.</summary>
    public static HostValue[] Op(Op op, params HostValue[] operands) => Interpreter.Run(ProgramOf(op, operands.Select(static o => o.Spec)), operands);

    /// <summary>The only result of an op, as .NET values.</summary>
    public static T[] Op<T>(Op op, params HostValue[] operands) where T : unmanaged => Assert.Single(Op(op, operands)).ToArray<T>();

    /// <summary>The results of a program on a backend.</summary>
    public static HostValue[] OnBackend(IBackend backend, Program program, IReadOnlyList<HostValue> inputs)
    {
        var device = backend.Devices[0];
        using var executable = backend.Compile(program, new CompileOptions { Devices = [device] });
        IBuffer[] arguments = [.. inputs.Select(input => Upload(input, backend, device))];
        var results = new IBuffer[program.Outputs.Length];
        try
        {
            executable.Execute(arguments, results, default);
            return [.. results.Select(Download)];
        }
        finally
        {
            foreach (var buffer in arguments.Concat(results)) buffer?.Dispose();
        }
    }

    private static IBuffer Upload(HostValue value, IBackend backend, IDevice device)
    {
        var memory = HostMemory.Allocate(value.Bytes.Length);
        try
        {
            value.Bytes.CopyTo(memory.Span);
            return backend.FromHost(memory, value.Spec, device);
        }
        finally
        {
            memory.Release();
        }
    }

    private static HostValue Download(IBuffer buffer)
    {
        var bytes = new byte[buffer.Spec.ByteCount];
        buffer.CopyTo(bytes);
        return HostValue.Of(buffer.Spec, bytes);
    }
}
