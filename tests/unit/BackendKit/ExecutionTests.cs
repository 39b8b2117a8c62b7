using BrainState.Conformance;
using BrainState.Backends;
using BrainState.BackendKit;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using static BrainState.UnitTests.BackendKit.LifetimeTests;

namespace BrainState.UnitTests.BackendKit;

/// <summary>Threads, cancellation, effects, and kernels that are missing or wrong.</summary>
public sealed class ExecutionTests
{
    private static readonly TensorSpec Vector = new(DType.Float32, [2]);
    private static readonly HostValue Zero = HostValue.Of([], 0);

    [Fact]
    public void ManyThreadsShareAnExecutable()
    {
        using var backend = new CountedBackend();
        var body = Of(b => { var (c, x) = (b.AddInput(Vector), b.AddInput(Vector)); var y = b.Add(new Add(), c, b.Add(new Mul(), x, x)); return [y, y]; });
        var program = Of(b => b.AddAll(new Scan(body, 0, 1, 5, false, 1), b.AddInput(Vector), b.AddInput(Vector.With([5, 2]))));
        using (var executable = backend.Compile(program))
        {
            Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            {
                HostValue[] inputs = [HostValue.Of([2], i, 1f), HostValue.Generate(program.Inputs[1], k => Scalar.Of((float)(i + k)))];
                Assert.Null(Exactness.Difference(Interpreter.Run(program, inputs), backend.Execute(executable, program, inputs)));
            });
        }
        Assert.Equal((0, 0), (backend.Live, backend.DoubleFrees));
    }

    [Fact]
    public async Task CancellationEndsAnEndlessLoop()
    {
        using var backend = new CountedBackend();
        using var source = new CancellationTokenSource();
        var endless = new While(Of(b => { b.AddInput(Zero.Spec); return [Operand.Of(Scalar.Of(true))]; }), Of(b => [b.AddInput(Zero.Spec)]), 0, 0);
        var run = Task.Run(() => backend.Execute(Of(b => [b.Add(endless, b.AddInput(Zero.Spec))]), [Zero], new() { Cancellation = source.Token }));
        source.CancelAfter(20);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(0, backend.Live);
    }

    [Fact]
    public void AnErrorEndsTheRunAfterTheHandlerHeardOfIt()
    {
        using var backend = new CountedBackend();
        var program = Of(b =>
        {
            var (happens, x) = (b.AddInput(new(DType.Bool, [])), b.AddInput(Vector));
            b.AddAll(new DebugPrint("before {0}"), x);
            b.AddAll(new ErrorIf("x is {0}"), happens, x);
            b.AddAll(new DebugPrint("after"));
            return [b.Add(new Neg(), x)];
        });
        var heard = new List<string>();
        ExecuteOptions options = new() { Effects = (op, operands) => heard.Add($"{op.Name} {operands.Count}") };
        HostValue Truth(bool value) => HostValue.Of([], value);
        var x = HostValue.Of([2], 1f, 2f);
        Assert.Equal("x is [1.0, 2.0]", Assert.Throws<ErrorIfException>(() => backend.Execute(program, [Truth(true), x], options)).Message);
        Assert.Equal(["debug_print 1", "error_if 2"], heard);
        backend.Execute(program, [Truth(false), x], options);
        Assert.Equal(["debug_print 1", "error_if 2", "debug_print 1", "debug_print 0"], heard);
        Assert.Throws<ErrorIfException>(() => backend.Execute(program, [Truth(true), x])); // Nobody listens.
        Assert.Equal(0, backend.Live);
    }

    [Fact]
    public void AKernelThatThrowsIsNamed()
    {
        var cause = new InvalidOperationException("no such code");
        using var backend = new CountedBackend((op, _) => op is Rev ? throw cause : null);
        var error = Assert.Throws<BackendException>(() => backend.Execute(Of(b => [b.Add(new Rev([0]), b.AddInput(Vector))]), [HostValue.Of([2], 1f, 2f)]));
        Assert.Equal("The kernel of rev[dimensions=(0,)] on (f32[2]) of the backend 'counted' failed: no such code", error.Message);
        Assert.Same(cause, error.InnerException);
    }

    [Fact]
    public void AKernelThatReturnsSomethingElseIsNamed()
    {
        string MessageOf(params HostValue?[] results)
        {
            using var backend = new CountedBackend((op, _) => op is Floor ? results : null);
            var error = Assert.Throws<BackendException>(() => backend.Execute(Of(b => [b.Add(new Floor(), b.AddInput(Vector))]), [HostValue.Of([2], 1f, 2f)]));
            Assert.Equal(0, backend.Live);
            return error.Message;
        }

        const string Format = "The kernel of floor on (f32[2]) returned {0} instead of (f32[2]). This is a bug of the backend 'counted'.";
        Assert.Equal(string.Format(null, Format, "(f64[2])"), MessageOf(HostValue.Of([2], 1.0, 2.0)));
        Assert.Equal(string.Format(null, Format, "(f32[1])"), MessageOf(HostValue.Of([1], 1f)));
        Assert.Equal(string.Format(null, Format, "()"), MessageOf());
        Assert.Equal(string.Format(null, Format, "(null)"), MessageOf((HostValue?)null));
    }

    [Fact]
    public void WhatTheKitCannotRunWithoutAKernelIsRefused()
    {
        using var backend = new CountedBackend { Missing = { "concatenate", "tanh", "reduce_sum" } };
        string? ReasonOf(Op op, params TensorSpec[] inputs) => backend.Supports(op, inputs, backend.Devices[0]).Reason;
        var body = Of(b => [b.AddInput(Vector)]);
        Assert.Equal("It is not counted.", ReasonOf(new Tanh(), Vector));
        Assert.Equal("scan needs the kernel concatenate on (f32[1,2], f32[1,2], f32[1,2]): It is not counted.", ReasonOf(new Scan(body, 0, 0, 3, false, 1), Vector.With([3, 2])));
        Assert.Null(ReasonOf(new Scan(body, 0, 1, 3, false, 1), Vector));
        Assert.Equal("psum needs the kernel reduce_sum on (f32[1,2]): It is not counted.", ReasonOf(new PSum("i"), Vector));
        Assert.Null(ReasonOf(new Call(body, "f"), Vector));
        Assert.Equal("The backend 'counted' does not run tanh on (f32[2]): It is not counted. Ask Supports before compiling.",
            Assert.Throws<BackendException>(() => backend.Compile(Of(b => [b.Add(new Tanh(), b.AddInput(Vector))]))).Message);
    }

    /// <summary>A permutation gives zeros to those that get nothing, which need not be the first.</summary>
    [Fact]
    public void WhatAnyReplicaNeedsIsNeeded()
    {
        using var backend = new CountedBackend(devices: 2) { Missing = { "broadcast_in_dim" } };
        Assert.Equal("ppermute needs the kernel broadcast_in_dim on (f32[]): It is not counted.", backend.Supports(new PPermute("i", [(1, 0)]), [Vector], backend.Devices[0]).Reason);
        Assert.True(backend.Supports(new PPermute("i", [(1, 0), (0, 1)]), [Vector], backend.Devices[0]).IsSupported);
    }

    /// <summary>The body has no kernel, but it need not run.</summary>
    [Fact]
    public void AKernelComesBeforeTheKit()
    {
        var body = Of(b => [b.Add(new Square(), b.AddInput(Vector.With(Shape.Scalar)))]);
        var program = Of(b => [b.Add(new Composite("square", [], body, null, null), b.AddInput(body.Inputs[0]))]);
        using var backend = new Squares();
        using var executable = backend.Compile(program, new() { Devices = backend.Devices.ToValueArray() });
        using var argument = backend.FromHost(Memory(3f), body.Inputs[0], backend.Devices[0]);
        var results = new IBuffer[1];
        executable.Execute([argument], results, default);
        Assert.Equal([9f], CountedBackend.ToHost(results[0]).ToArray<float>());
    }

    /// <summary>Three kernels, and everything that can be made of them.</summary>
    [Fact]
    public void HostKernelsGetTheirResultsAllocated()
    {
        using var backend = new Squares();
        var scalar = Vector.With(Shape.Scalar);
        var body = Of(b => { var x = b.AddInput(scalar); var y = b.Add(new Mul(), x, x); return [y, y]; });
        var program = Of(b => b.AddAll(new Scan(body, 0, 1, 3, false, 1), b.AddInput(scalar)));
        using var executable = backend.Compile(program, new() { Devices = backend.Devices.ToValueArray() });
        using var argument = backend.FromHost(Memory(2f), scalar, backend.Devices[0]);
        var results = new IBuffer[2];
        executable.Execute([argument], results, default);
        Assert.Equal([256f], CountedBackend.ToHost(results[0]).ToArray<float>());
        Assert.Equal([4f, 16f, 256f], CountedBackend.ToHost(results[1]).ToArray<float>());
        Assert.Throws<DeviceOutOfMemoryException>(() =>
        {
            using var large = backend.Compile(Of(b => [b.Add(new Concatenate(0), b.Add(new Reshape([1]), b.AddInput(scalar))), b.Add(new BroadcastInDim([1 << 30, 1 << 28], []), b.AddInput(scalar))]),
                new() { Devices = backend.Devices.ToValueArray() });
            large.Execute([argument, argument], results, default);
        });
    }

    private static HostMemory Memory(float value)
    {
        var memory = HostMemory.Allocate(sizeof(float));
        BitConverter.TryWriteBytes(memory.Span, value);
        return memory;
    }

    private sealed class Squares() : HostKernelBackend(new("squares", "none", "1"), VirtualDevice.Create("host", 1, "memory"))
    {
        protected override Support HasKernel(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) =>
            op is Mul or Reshape or Concatenate or BroadcastInDim or Composite { Function: "square" } ? Support.Yes : Support.No("It is no square.");

        protected override void Run(Op op, ReadOnlySpan<HostArray> inputs, ReadOnlySpan<HostArray> outputs)
        {
            var target = outputs[0].Bytes;
            switch (op)
            {
                case Mul or Composite:
                    outputs[0].Span<float>()[0] = inputs[0].Span<float>()[0] * inputs[^1].Span<float>()[0];
                    break;
                default:
                    foreach (var input in inputs)
                    {
                        input.Bytes.CopyTo(target);
                        target = target[input.Bytes.Length..];
                    }
                    break;
            }
        }
    }
}
