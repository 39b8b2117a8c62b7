using System.Globalization;

namespace BrainState.Benchmarks.Suites;

/// <summary>A training step of the perceptron.</summary>
internal static class MlpSuite
{
    public static void Run(Session session)
    {
        var (x, y) = Mlp.Data();
        var step = Transforms.Jit(new Mlp().Step());
        session.Compare("mlp-step: 784-512-512-10, batch 128, cross-entropy, Adam",
            static f => string.Create(CultureInfo.InvariantCulture, $"{Mlp.FlopsPerStep / f.Median / 1e9:F0} GFLOP/s"),
            [Session.Dropping("BrainState Jit, Grad, Adam", () => step(x, y))],
            static torch =>
            [
                torch.Case("mlp", "eager", "eager, optim.Adam", isBaseline: true),
                torch.Case("mlp", "foreach", "eager, optim.Adam(foreach)"),
                torch.Case("mlp", "trace", "jit.trace, optim.Adam"),
            ]);
    }
}
