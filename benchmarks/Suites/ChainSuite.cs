using System.Globalization;
using BrainState.Benchmarks.Measuring;

namespace BrainState.Benchmarks.Suites;

/// <summary>Twelve elementwise operations over ten million floats; rates count one read and one write of each element, as a copy does.</summary>
internal static class ChainSuite
{
    public static void Run(Session session)
    {
        var x = Rng.Normal(Rng.PrngKey(0), [Machine.CopiedFloats]);
        var chain = Transforms.Jit((Tensor x) =>
        {
            var y = x * x;
            y *= x;
            y *= 0.044715;
            y += x;
            y *= 0.7978845608;
            y = Np.Tanh(y);
            y += 1.0;
            y *= x;
            y *= 0.5;
            y += x;
            y = Np.Maximum(y, 0.0);
            return y * 2.0;
        });
        session.Compare("chain: 12 elementwise operations on 10M floats",
            static f => string.Create(CultureInfo.InvariantCulture, $"{8.0 * Machine.CopiedFloats / f.Median / 1e9:F1} GB/s"),
            [
                Session.Disposing("BrainState Jit, result disposed", () => chain(x)),
                Session.Dropping("BrainState Jit, result left to the GC", () => chain(x)),
                Machine.Copy(session.Threads),
            ],
            static torch =>
            [
                torch.Case("chain", "eager", "eager", isBaseline: true),
                torch.Case("chain", "in_place", "eager, in place"),
                torch.Case("chain", "script", "jit.script"),
            ]);
    }
}
