using BrainState.Backends;
using BrainState.Hosting;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.UnitTests.Hosting;

namespace BrainState.UnitTests;

/// <summary>The interpreter as a backend: <c>using (InterpretedBackend.Enter())</c> checks what the frontend does apart from any engine.</summary>
internal sealed class InterpretedBackend : IBackend
{
    private static readonly Lazy<BrainStateRuntime> Runtime = new(static () => StubFactory.Runtime("interpreted", factory: new(static _ => new InterpretedBackend())));

    public BackendInfo Info { get; } = new("interpreted", "interpreter", "1");

    public IReadOnlyList<IDevice> Devices { get; } = [new StubDevice("host", 0)];

    public static RuntimeScope Enter() => Runtime.Value.Enter();

    public Support Supports(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) => Support.Yes;

    public IBuffer FromHost(HostMemory data, TensorSpec spec, IDevice device) => new Buffer(HostValue.Of(spec, data.Span[..checked((int)spec.ByteCount)]), device);

    public IExecutable Compile(Program program, CompileOptions options) => new Executable(program, options.Devices[0]);

    public void Dispose() { }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed record Executable(Program Program, IDevice Device) : IExecutable
    {
        public void Execute(ReadOnlySpan<IBuffer> arguments, Span<IBuffer> results, in ExecuteOptions options)
        {
            var outputs = Interpreter.Run(Program, [.. arguments.ToArray().Select(static a => ((Buffer)a).Value)]);
            for (var i = 0; i < outputs.Length; i++) results[i] = new Buffer(outputs[i], Device);
        }

        public void Dispose() { }
    }

    private sealed record Buffer(HostValue Value, IDevice Device) : IBuffer
    {
        public TensorSpec Spec => Value.Spec;

        public ValueTask WhenReady(CancellationToken cancellation = default) => ValueTask.CompletedTask;

        public void CopyTo(Span<byte> destination) => Value.Bytes.CopyTo(destination);

        public void Dispose() { }
    }
}
