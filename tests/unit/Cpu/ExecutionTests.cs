using BrainState.Backends;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Cpu;

/// <summary>Buffers, executables and the backend itself: lifetimes, threads, errors.</summary>
public class ExecutionTests
{
    private static readonly IDevice Device = Backends.Cpu.Devices[0];

    [Fact]
    public void ManyThreadsShareAnExecutable()
    {
        var builder = new ProgramBuilder();
        var x = builder.AddInput(new(DType.Float32, [300, 300]));
        var y = builder.Add(new Tanh(), builder.Add(new Mul(), x, x));
        var program = builder.Build(y, builder.Add(new ReduceMax([0]), builder.Add(new Transpose([1, 0]), y)));
        using var executable = Tensor.Compile(program);
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 8 }, seed =>
        {
            var argument = Samples.Modest(program.Inputs[0], seed % 4);
            var expected = Reference.Evaluate(program, argument);
            var actual = Tensor.Run(executable, program, [argument]);
            for (var i = 0; i < expected.Length; i++) expected[i].AssertClose(actual[i], $"thread {seed}", 4);
        });
    }

    [Fact]
    public void AWarmRunAllocatesOnlyItsResults()
    {
        var builder = new ProgramBuilder();
        var (x, y) = (builder.AddInput(new(DType.Float32, [64, 1])), builder.AddInput(new(DType.Float32, [64, 1])));
        var error = builder.Add(new Sub(), x, y);
        var program = builder.Build(builder.Add(new ReduceSum([0, 1]), builder.Add(new Square(), error)));
        using var executable = Tensor.Compile(program);
        IBuffer[] inputs = [Samples.Modest(program.Inputs[0], 1).ToBuffer(), Samples.Modest(program.Inputs[1], 2).ToBuffer()];
        var outputs = new IBuffer[1];
        void Run()
        {
            executable.Execute(inputs, outputs, default);
            outputs[0].Dispose();
        }
        for (var i = 0; i < 100; i++) Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Run();
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 120);
    }

    [Fact]
    public void DisposedArgumentsAreRefused()
    {
        var (program, executable) = Negation();
        var buffer = Samples.Modest(program.Inputs[0], 1).ToBuffer();
        buffer.Dispose();
        buffer.Dispose();
        var error = Assert.Throws<ObjectDisposedException>(() => executable.Execute([buffer], new IBuffer[1], default));
        Assert.Contains("Argument 0", error.Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => buffer.CopyTo(new byte[12]));
        executable.Dispose();
        Assert.Throws<ObjectDisposedException>(() => executable.Execute([buffer], new IBuffer[1], default));
    }

    [Fact]
    public void WrongArgumentsAreRefused()
    {
        var (_, executable) = Negation();
        using var wrong = Samples.Modest(new(DType.Float32, [4]), 1).ToBuffer();
        var error = Assert.Throws<ArgumentException>(() => executable.Execute([wrong], new IBuffer[1], default));
        Assert.Contains("f32[4]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => executable.Execute([], new IBuffer[1], default));
        executable.Dispose();
    }

    [Fact]
    public void HostMemoryLivesAsLongAsItsBuffer()
    {
        var released = 0;
        var bytes = GC.AllocateArray<byte>(12, pinned: true);
        unsafe
        {
            fixed (byte* address = bytes)
            {
                var memory = HostMemory.Wrap((nint)address, 12, _ => released++);
                var buffer = Backends.Cpu.FromHost(memory, new(DType.Float32, [3]), Device);
                memory.Release();
                Assert.Equal(0, released);
                buffer.Dispose();
                Assert.Equal(1, released);
            }
        }
    }

    [Fact]
    public void TooLargeAResultIsAnOutOfMemoryError()
    {
        var builder = new ProgramBuilder();
        var x = builder.AddInput(new(DType.Float64, Shape.Scalar));
        var program = builder.Build(builder.Add(new BroadcastInDim([1 << 30, 1 << 28], []), x));
        using var executable = Tensor.Compile(program);
        using var argument = Samples.Modest(program.Inputs[0], 1).ToBuffer();
        var error = Assert.Throws<DeviceOutOfMemoryException>(() => executable.Execute([argument], new IBuffer[1], default));
        Assert.Contains(Device.Name, error.Message, StringComparison.Ordinal);
        // The executable stays usable, and so does the argument.
        Assert.Throws<DeviceOutOfMemoryException>(() => executable.Execute([argument], new IBuffer[1], default));
    }

    [Fact]
    public void UnknownOpsAreRefusedWithAReason()
    {
        var support = Backends.Cpu.Supports(new Unknown(), [], Device);
        Assert.False(support.IsSupported);
        Assert.Contains("unheard_of", support.Reason, StringComparison.Ordinal);
        Assert.True(Backends.Cpu.Supports(new Add(), [new(DType.Complex64, [2]), new(DType.Complex64, [2])], Device).IsSupported);
    }

    private sealed record Unknown : Op
    {
        public override string Name => "unheard_of";

        public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands) => [];
    }

    private static (Program, IExecutable) Negation()
    {
        var builder = new ProgramBuilder();
        var program = builder.Build(builder.Add(new Neg(), builder.AddInput(new(DType.Float32, [3]))));
        return (program, Tensor.Compile(program));
    }
}
