using System.Runtime.CompilerServices;
using BrainState.Backends;
using BrainState.Execution;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Tensors;

/// <summary>Who owns memory: handles, States, traces.</summary>
public sealed class OwnershipTests
{
    [Fact]
    public void ADisposedTensorCannotBeUsed()
    {
        var x = Np.Zeros([2]) + 1;
        x.Dispose();
        x.Dispose();
        const string Message = "A tensor f32[2] was disposed and cannot be used any more.\nObject name: 'Tensor'.";
        Assert.Equal(Message, Assert.Throws<ObjectDisposedException>(() => x + 1).Message);
        Assert.Equal(Message, Assert.Throws<ObjectDisposedException>(() => x.ToArray<float>()).Message);
        Assert.Throws<ObjectDisposedException>(() => Jit((Tensor y) => y + 1)(x));
        Assert.Throws<ObjectDisposedException>(() => new ParamState(x));
        Tensor host = new float[] { 1 };
        host.Dispose();
        Assert.Throws<ObjectDisposedException>(() => host.ToArray<float>());
    }

    [Fact]
    public void EachResultHoldsOneReferenceAndDisposeReturnsIt()
    {
        var x = Np.Zeros([3]) + 1;
        var buffer = BufferOf(x);
        Assert.Equal(1, buffer.References);
        var shared = x.Share();
        Assert.Equal(2, buffer.References);
        var y = x + 1;
        Assert.Equal(2, buffer.References); // A running operation returns its reference.
        x.Dispose();
        Assert.Equal([1f, 1, 1], shared.ToArray<float>());
        shared.Dispose();
        Assert.Equal(0, buffer.References);
        y.Dispose();
    }

    [Fact]
    public void AFailedOperationKeepsNoReference()
    {
        var x = Np.Zeros([3]) + 1;
        var disposed = Np.Zeros([3]) + 2;
        disposed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Lax.Add(x, disposed));
        Assert.Throws<ObjectDisposedException>(() => Jit((Tensor a, Tensor b) => a + b)(x, disposed));
        Assert.Equal(1, BufferOf(x).References);
    }

    [Fact]
    public void AStateOwnsItsBufferAndHandlesSurviveAStep()
    {
        var state = new ParamState(Np.Zeros([2]) + 1);
        var handle = state.Value;
        var step = Jit(() => state.Value = state.Value * 2);
        step();
        step();
        Assert.Equal([1f, 1f], handle.ToArray<float>());
        Assert.Equal([4f, 4f], state.Value.ToArray<float>());
        handle.Dispose();
        Assert.Equal([4f, 4f], state.Value.ToArray<float>());
    }

    [Fact]
    public void AStepReturnsTheOldBufferAtOnce()
    {
        var state = new ParamState(Np.Zeros([2]) + 1);
        var step = Jit(() =>
        {
            state.Value = state.Value * 2;
            return Np.Sum(state.Value);
        });
        step();
        var old = BufferOf(state.Stored);
        Assert.Equal(1, old.References);
        step();
        Assert.Equal(0, old.References);
        Assert.Equal(1, BufferOf(state.Stored).References);
        old = BufferOf(state.Stored);
        Grad((Tensor x) => Np.Sum(state.Value = x * x)).Invoke(Np.Ones([2]));
        Assert.Equal(0, old.References);
        old = BufferOf(state.Stored);
        Assert.Equal(1, old.References);
        state.Value = Np.Zeros([2]);
        Assert.Equal(0, old.References);
    }

    [Fact]
    public void DisposingAHandleInsideATransformIsHarmless()
    {
        // Eagerly each read gives a handle of its own, so a careful user disposes it; a traced function must not mind.
        var state = new ParamState(Np.Ones([2]));
        Func<Tensor, Tensor> f = x =>
        {
            using (var first = state.Value) x += first;
            using var second = state.Value;
            using var temporary = x * second;
            return temporary + 1;
        };
        var x = Np.Ones([2]);
        Assert.Equal(f(x).ToArray<float>(), Jit(f)(x).ToArray<float>());
        Assert.Equal([1f, 1f], state.Value.ToArray<float>());
    }

    [Fact]
    public void AConcreteValueAssignedInsideATransformIsReadByHandlesToo()
    {
        var (state, constant) = (new ParamState(Np.Ones([2])), Np.Ones([2]) * 3);
        Func<Tensor, Tensor> f = x =>
        {
            state.Value = constant;
            using (var first = state.Value) x += first;
            using var second = state.Value;
            return x * second;
        };
        Assert.Equal([12f, 12f], f(Np.Ones([2])).ToArray<float>());
        Assert.Equal([12f, 12f], Jit(f)(Np.Ones([2])).ToArray<float>());
        Assert.Equal([12f, 12f], Jvp(f, Np.Ones([2]), Np.Ones([2])).Value.ToArray<float>());
        Assert.Equal([3f, 3f], constant.ToArray<float>());
    }

    [Fact]
    public void EagerOperationsLeakNoBuffers()
    {
        // A buffer that a tensor forgot would stay reachable from nothing, so references are counted where they must be.
        var x = Np.Ones([16]);
        var buffer = BufferOf(x);
        for (var i = 0; i < 2000; i++)
        {
            using var y = i % 2 == 0 ? x + x : x * 2.5;
            using var z = Np.Sum(y);
            if (BufferOf(y).References != 1 || BufferOf(z).References != 1 || buffer.References != 1) Assert.Fail($"References after operation {i}.");
        }
    }

    [Fact]
    public void TheCollectorFreesWhatIsForgotten()
    {
        var buffers = Forget();
        for (var attempt = 0; attempt < 10 && buffers.Any(b => b.References > 0); attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.All(buffers, static b => Assert.Equal(0, b.References));
    }

    /// <summary>Nobody asks it to, and it sees hardly anything on its own heap.</summary>
    [Fact]
    public void TheCollectorComesForForgottenMemoryOutsideItsHeap()
    {
        const long bytes = 1 << 20;
        var first = ForgetMemory();
        for (var forgotten = bytes; first.IsAlive; forgotten += bytes)
        {
            if (forgotten > 20 * MemoryPressure.Step) Assert.Fail($"{forgotten} bytes were forgotten, and the collector did not come.");
            ForgetMemory();
            Thread.Sleep(1); // It works beside the program.
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference ForgetMemory() => new(HostMemory.Allocate(bytes));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SharedBuffer[] Forget() => [.. Enumerable.Range(0, 200).Select(i => BufferOf(Np.Ones([4]) * i))];

    [Fact]
    public void ResultsOfJitThatAreArgumentsShareTheBuffer()
    {
        var x = Np.Ones([2]) + 1;
        var (same, twice, again) = Jit((Tensor a) => { var b = a * 2; return (a, b, b); })(x);
        x.Dispose();
        Assert.Equal([2f, 2f], same.ToArray<float>());
        twice.Dispose();
        Assert.Equal([4f, 4f], again.ToArray<float>());
    }

    [Fact]
    public void TensorsCanBeUsedByManyThreads()
    {
        var x = Tensor.From<double>(Enumerable.Range(0, 100).Select(i => (double)i).ToArray());
        Parallel.For(0, 64, i =>
        {
            using var y = x * i;
            Assert.Equal(99.0 * i, y[99].ToScalar<double>());
        });
    }

    /// <summary>The buffer of a computed tensor, without a reference.</summary>
    private static SharedBuffer BufferOf(Tensor tensor)
    {
        var buffer = tensor.Acquire(Engine.Current);
        buffer.Release();
        return buffer;
    }

    [Fact]
    public void DisposingTheResultOfAFunctionThatHadNothingToDoLeavesItsOperandAlone()
    {
        var x = Np.Arange(4);
        x.AsType(DType.Int32).Dispose();
        x.Reshape(4).Dispose();
        x[..].Dispose();
        Np.BroadcastTo(x, [4]).Dispose();
        (+x).Dispose();
        x.To().Dispose();
        Assert.Equal([0, 1, 2, 3], x.ToArray<int>());
    }
}
