using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>What checkpoints are for: the memory that a gradient plans to use at the same time.</summary>
public sealed class MemoryTests
{
    private const int Layers = 32, Width = 32, Batch = 256;

    private const long LayerBytes = Batch * Width * sizeof(float);

    private static long TemporaryBytes(Func<Tensor, Tensor, Tensor> loss)
    {
        var step = Jit((Tensor w, Tensor x) => Grad(loss).Invoke(w, x));
        using var gradient = step(Np.Ones([Layers, Width, Width]) * 0.01, Np.Ones([Batch, Width]));
        Assert.True(Np.All(Np.IsFinite(gradient)).ToScalar<bool>());
        return JitFunction.Of(step).Memory!.Value.Temporaries;
    }

    private static Tensor Chain(Tensor w, Tensor x, Func<Func<Tensor, Tensor, Tensor>, Func<Tensor, Tensor, Tensor>> wrap, int every, Func<Tensor, Tensor, Tensor> layer)
    {
        for (var first = 0; first < Layers; first += every)
        {
            x = wrap((ws, h) =>
            {
                for (var i = 0; i < every; i++) h = layer(h, ws[i]);
                return h;
            })(w[first..(first + every)], x);
        }
        return Np.Sum(x);
    }

    /// <summary>Without checkpoints every layer's result is kept; with √n of them, about 2√n. Layers that are no products may fuse, and are kept apart all the same.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CheckpointsLowerThePeak(bool isProduct)
    {
        Tensor Layer(Tensor h, Tensor w) => Np.Tanh(isProduct ? h.MatMul(w) : h * w[0]);
        var plain = TemporaryBytes((w, x) => Chain(w, x, static f => f, 4, Layer));
        var checkpointed = TemporaryBytes((w, x) => Chain(w, x, static f => Checkpoint(f), 4, Layer));
        Assert.InRange(plain, Layers * LayerBytes, 4 * Layers * LayerBytes);
        Assert.InRange(checkpointed, 10 * LayerBytes, plain / 2);
    }

    [Fact]
    public void CheckpointedLoopsLowerThePeak()
    {
        var plain = TemporaryBytes(static (w, x) => Np.Sum(Scan(static (Tensor h, Tensor v) => (Np.Tanh(h.MatMul(v)), default(ValueTuple)), x, w).Carry));
        var checkpointed = TemporaryBytes(static (w, x) => Np.Sum(CheckpointedScan(static (Tensor h, Tensor v) => (Np.Tanh(h.MatMul(v)), default(ValueTuple)), x, w, branching: 4).Carry));
        Assert.InRange(plain, Layers * LayerBytes, 4 * Layers * LayerBytes);
        Assert.InRange(checkpointed, 8 * LayerBytes, plain / 2);
    }

    [Fact]
    public void ArgumentsAndResultsCount()
    {
        var step = Jit((Tensor x) => Np.Sum(Np.Tanh(x)));
        Assert.Null(JitFunction.Of(step).Memory);
        step(Np.Ones([1000])).Dispose();
        Assert.Equal((4000, 4), (JitFunction.Of(step).Memory!.Value.Arguments, JitFunction.Of(step).Memory!.Value.Results));
    }
}
