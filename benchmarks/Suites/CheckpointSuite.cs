using System.Globalization;
using BrainState.Benchmarks.Measuring;
using static BrainState.Transforms;

namespace BrainState.Benchmarks.Suites;

/// <summary>What checkpoints cost and save: gradients of 64 layers tanh(h·W), 128 wide, batch 512, by the memory that their programs plan for intermediate values.</summary>
internal static class CheckpointSuite
{
    private const int Layers = 64, Width = 128, Batch = 512, Part = 8;

    public static void Run(Session session)
    {
        var (w, x) = (Rng.Normal(Rng.PrngKey(0), [Layers, Width, Width]) * 0.1, Rng.Normal(Rng.PrngKey(1), [Batch, Width]));
        var temporaries = new Dictionary<string, long>();
        Contender Gradient(string name, Func<Tensor, Tensor, Tensor> last)
        {
            var step = Jit((Tensor w) => Grad((Tensor v) => Np.Mean(Np.Square(last(v, x)))).Invoke(w));
            Session.Await(step(w));
            temporaries[name] = JitFunction.Of(step).Memory?.Temporaries ?? 0;
            return Session.Disposing(name, () => step(w));
        }
        static (Tensor, ValueTuple) Step(Tensor h, Tensor v) => (Np.Tanh(h.MatMul(v)), default);
        static Tensor Layer(Tensor h, Tensor v) => Step(h, v).Item1;
        static Tensor LayersOf(Tensor v, Tensor h) => Enumerable.Range(0, v.Shape[0]).Aggregate(h, (h, i) => Layer(h, v[i]));
        var checkpointed = Checkpoint((Tensor v, Tensor h) => LayersOf(v, h));
        session.Compare($"checkpoint: gradients of {Layers} layers, {Width} wide, batch {Batch}; a layer's result has {Batch * Width * 4 / 1024} KiB",
            f => string.Create(CultureInfo.InvariantCulture, $"{temporaries[f.Contender.Name] / 1048576.0:F1} MiB"),
            [
                Gradient("one after the other", LayersOf) with { IsBaseline = true },
                Gradient($"Checkpoint of every {Part}", (v, h) => Enumerable.Range(0, Layers / Part).Aggregate(h, (h, i) => checkpointed(v[(i * Part)..((i + 1) * Part)], h))),
                Gradient("Scan", static (v, h) => Scan(Step, h, v).Carry),
                Gradient($"CheckpointedScan by {Part}", static (v, h) => CheckpointedScan(Step, h, v, branching: Part).Carry),
            ]);
    }
}
