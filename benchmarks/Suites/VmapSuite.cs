using BrainState.Benchmarks.Measuring;
using BrainState.Nn;
using static BrainState.Transforms;

namespace BrainState.Benchmarks.Suites;

/// <summary>A thousand small perceptrons (8-16-1, batch 32) at once by Vmap, and one after the other.</summary>
internal static class VmapSuite
{
    private const int Models = 1000, Batch = 32, Inputs = 8, Hidden = 16;

    public static void Run(Session session)
    {
        var keys = Rng.Split(Rng.PrngKey(0), 4);
        var parameters = (
            W1: Rng.Normal(keys[0], [Models, Inputs, Hidden]) * 0.3, B1: Np.Zeros([Models, Hidden]),
            W2: Rng.Normal(keys[1], [Models, Hidden, 1]) * 0.3, B2: Np.Zeros([Models, 1]));
        var (x, y) = (Rng.Normal(keys[2], [Batch, Inputs]), Rng.Normal(keys[3], [Batch, 1]));

        (Tensor W1, Tensor B1, Tensor W2, Tensor B2) Gradients((Tensor W1, Tensor B1, Tensor W2, Tensor B2) p) => Grad(
            ((Tensor W1, Tensor B1, Tensor W2, Tensor B2) q) => Np.Mean(Np.Square(Np.Tanh(x.MatMul(q.W1) + q.B1).MatMul(q.W2) + q.B2 - y))).Invoke(p);

        var all = Jit(Vmap<(Tensor W1, Tensor B1, Tensor W2, Tensor B2), (Tensor W1, Tensor B1, Tensor W2, Tensor B2)>(Gradients));
        var one = Jit<(Tensor W1, Tensor B1, Tensor W2, Tensor B2), (Tensor W1, Tensor B1, Tensor W2, Tensor B2)>(Gradients);
        var each = Enumerable.Range(0, Models).Select(i => (parameters.W1[i], parameters.B1[i], parameters.W2[i], parameters.B2[i])).ToArray();
        session.Compare($"vmap: gradients of {Models} perceptrons 8-16-1, batch 32", static _ => "",
            [
                Session.Dropping("Jit(Vmap(Grad))", () => all(parameters).W1),
                Contender.Of("loop over Jit(Grad)", calls =>
                {
                    for (var call = 0; call < calls; call++)
                        foreach (var p in each)
                            one(p).W1.Dispose();
                }) with { IsBaseline = true },
            ]);
    }
}
