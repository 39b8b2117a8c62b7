using System.Globalization;
using BrainState.Benchmarks.Measuring;

namespace BrainState.Benchmarks.Suites;

/// <summary>Square products in float32 through the public API, against the machine's peak in the same race.</summary>
internal static class GemmSuite
{
    public static void Run(Session session)
    {
        foreach (var n in (int[])[256, 512, 1024, 2048])
        {
            var product = Transforms.Jit((Tensor a, Tensor b) => Np.MatMul(a, b));
            var (key1, key2) = Rng.Split(Rng.PrngKey(0));
            Tensor a = Rng.Normal(key1, [n, n]), b = Rng.Normal(key2, [n, n]);
            var figures = session.Race.Run(
            [
                Session.Disposing($"BrainState Jit MatMul {n}³", () => product(a, b)),
                .. session.Torch is { } torch ? [torch.Case("gemm", $"n{n}", "mm(out=)", isBaseline: true)] : Array.Empty<Contender>(),
                Machine.FusedMultiplyAdds(session.Threads),
            ]);
            session.Report.Table($"gemm: {n}×{n}×{n}", figures[..^1], f => Rate(f, figures[^1]), session.TorchIsAbsent ? "torch absent" : "");

            string Rate(Figure figure, Figure peak)
            {
                var flops = 2.0 * n * n * n;
                var share = figure.SpeedOver(peak) * flops / Machine.FlopsPerCall(session.Threads);
                return string.Create(CultureInfo.InvariantCulture, $"{flops / figure.Median / 1e9:F0} GFLOP/s, {share * 100:F0} % of peak");
            }
        }
    }
}
