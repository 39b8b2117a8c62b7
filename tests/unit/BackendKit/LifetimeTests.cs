using BrainState.Backends;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.BackendKit;

/// <summary>How long arrays live.</summary>
public sealed class LifetimeTests
{
    private static readonly HostValue Ones = HostValue.Of([3], 1f, 1f, 1f);
    private static readonly HostValue Zero = HostValue.Of([], 0);

    [Fact]
    public void ALongChainNeedsNoMoreThanAShortOne()
    {
        int PeakOf(int length)
        {
            using var backend = new CountedBackend();
            backend.Execute(Chain(length), [Ones]);
            Assert.Equal(0, backend.Live);
            return backend.Peak;
        }

        Assert.Equal(3, PeakOf(4)); // The argument, an operand and its result.
        Assert.Equal(3, PeakOf(400));
    }

    [Fact]
    public void LoopsNeedNoMoreForMoreSteps()
    {
        int PeakOf(int steps)
        {
            using var backend = new CountedBackend();
            var result = backend.Execute(Counting(Operand.Of(Scalar.Of(steps))), [Zero]);
            Assert.Equal(steps, result[0][0].ToInt64());
            return backend.Peak;
        }

        Assert.Equal(PeakOf(2), PeakOf(50));
    }

    [Fact]
    public void LiteralsAreMadeOnceAndLiveAsLongAsTheExecutable()
    {
        using var backend = new CountedBackend();
        var literal = Operand.Of(Scalar.Of(2f));
        var executable = backend.Compile(Of(b => [b.Add(new Mul(), b.Add(new Mul(), b.AddInput(new(DType.Float32, [])), literal), literal)]));
        Assert.Equal(1, backend.Live);
        executable.Dispose();
        executable.Dispose();
        Assert.Equal((0, 0), (backend.Live, backend.DoubleFrees));
        Assert.Throws<ObjectDisposedException>(() => executable.Execute([backend.ToBuffer(HostValue.Of([], 1f))], new IBuffer[1], default));
    }

    [Fact]
    public void OnlyResultsRemain()
    {
        using var backend = new CountedBackend();
        var program = Of(b => { var x = b.AddInput(Ones.Spec); var y = b.Add(new Neg(), x); b.Add(new Exp(), y); return [y, b.Add(new Add(), y, y), b.Add(new Neg(), y)]; });
        using var executable = backend.Compile(program);
        var results = new IBuffer[3];
        using (var argument = backend.ToBuffer(Ones)) executable.Execute([argument], results, default);
        Assert.Equal(3, backend.Live);
        Assert.Equal([-2f, -2f, -2f], CountedBackend.ToHost(results[1]).ToArray<float>());
        foreach (var result in results) result.Dispose();
        Assert.Equal(0, backend.Live);
    }

    [Fact]
    public void ADonatedArgumentEndsAtItsLastUseUnlessItIsKept()
    {
        using var backend = new CountedBackend();
        using var executable = backend.Compile(Chain(4), new() { Devices = [backend.Devices[0]], DonatedInputs = [0] });
        var (argument, results) = (backend.ToBuffer(Ones), new IBuffer[1]);
        executable.Execute([argument], results, new() { KeepInputs = [0] });
        Assert.Equal(Ones.ToArray<float>(), CountedBackend.ToHost(argument).ToArray<float>());
        results[0].Dispose();
        backend.Reset();
        executable.Execute([argument], results, default);
        Assert.Equal((1, 2), (backend.Live, backend.Peak));
        Assert.Contains("donated", Assert.Throws<ObjectDisposedException>(() => argument.CopyTo(new byte[12])).Message);
        Assert.Contains("Argument 0", Assert.Throws<ObjectDisposedException>(() => executable.Execute([argument], new IBuffer[1], default)).Message);
        argument.Dispose();
        results[0].Dispose();
        Assert.Equal((0, 0), (backend.Live, backend.DoubleFrees));
    }

    /// <summary>Whatever step fails, in loops and branches and between replicas: nothing is left.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AFailureFreesEverything(int devices)
    {
        var spec = Ones.Spec;
        var body = Of(b => { var (c, x) = (b.AddInput(spec), b.AddInput(spec)); var y = b.Add(new Mul(), c, b.Add(new Tanh(), x)); return devices > 1 ? [b.Add(new PSum("i"), y), y] : [y, y]; });
        var branches = ValueArray.Create<Program>([Of(b => [b.Add(new Exp(), b.AddInput(spec))]), Of(b => [b.Add(new Log(), b.AddInput(spec))])]);
        var program = Of(b =>
        {
            var x = b.AddInput(spec);
            var stacked = b.Add(new BroadcastInDim([4, 3], [1]), x);
            var results = b.AddAll(new Scan(body, 0, 1, 4, true, 1), x, stacked);
            return [b.Add(new Cond(branches), Operand.Of(Scalar.Of(1)), results[0]), results[1]];
        });
        HostValue[] inputs = [.. Enumerable.Repeat(Ones, devices)];
        var calls = 0;
        new CountedBackend((_, _) => { Interlocked.Increment(ref calls); return null; }, devices).Execute(program, inputs);
        Assert.InRange(calls, 20, 300);
        for (var failing = 1; failing <= calls; failing++)
        {
            var countdown = failing;
            using var backend = new CountedBackend((_, _) => Interlocked.Decrement(ref countdown) == 0 ? throw new InvalidOperationException("broken") : null, devices);
            var error = Assert.Throws<BackendException>(() => backend.Execute(program, inputs));
            Assert.Equal("broken", error.InnerException!.Message);
            Assert.Equal((0, 0), (backend.Live, backend.DoubleFrees));
        }
    }

    [Fact]
    public void ABufferMayBeDisposedWhileItIsRead()
    {
        IBuffer? argument = null;
        using var backend = new CountedBackend((op, _) => { if (op is Exp) argument!.Dispose(); return null; });
        using var executable = backend.Compile(Of(b => { var x = b.AddInput(Ones.Spec); return [b.Add(new Add(), b.Add(new Exp(), x), x)]; }));
        argument = backend.ToBuffer(Ones);
        var results = new IBuffer[1];
        executable.Execute([argument], results, default);
        Assert.Equal(MathF.E + 1, CountedBackend.ToHost(results[0]).ToArray<float>()[0], 1e-6f);
        results[0].Dispose();
        Assert.Equal((0, 0), (backend.Live, backend.DoubleFrees));
    }

    internal static Program Of(Func<ProgramBuilder, Operand[]> make)
    {
        var builder = new ProgramBuilder();
        return builder.Build(make(builder));
    }

    /// <summary>Counts from the input up to a number.</summary>
    internal static Program Counting(Operand limit) => Of(b => [b.Add(
        new While(Of(c => [c.Add(new Lt(), c.AddInput(Zero.Spec), limit)]), Of(c => [c.Add(new Add(), c.AddInput(Zero.Spec), Operand.Of(Scalar.Of(1)))]), 0, 0), b.AddInput(Zero.Spec))]);

    private static Program Chain(int length) => Of(b =>
    {
        var x = b.AddInput(Ones.Spec);
        for (var i = 0; i < length; i++) x = b.Add(new Neg(), x);
        return [x];
    });
}
