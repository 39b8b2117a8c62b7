using System.Globalization;
using BrainState.NumPy;
using static BrainState.Transforms;

namespace BrainState.Benchmarks.Suites;

/// <summary>What an op costs inside a program when there is nothing to compute: a hundred on 8 floats, in one chain that fuses and as products that do not.</summary>
internal static class TinyOpSuite
{
    private const int Count = 100;

    public static void Run(Session session)
    {
        var x = Np.Ones([8]) * 0.5;
        var square = Np.Eye(2) * 0.5;
        var fused = Jit((Tensor x) =>
        {
            for (var i = 0; i < Count / 2; i++) x = x * 0.75 + 0.25;
            return x;
        });
        var products = Jit((Tensor x) =>
        {
            var y = x;
            for (var i = 0; i < Count; i++) y = y.MatMul(x);
            return y;
        });
        session.Compare($"tiny-ops: {Count} operations in a program", static f => string.Create(CultureInfo.InvariantCulture, $"{f.Median / Count * 1e9:F0} ns/op"),
            [
                Session.Disposing("BrainState, elementwise on 8 floats", () => fused(x)),
                Session.Disposing("BrainState, products 2×2", () => products(square)),
            ],
            static torch => [torch.Case("calls", "hundred_elementwise", "eager, elementwise on 8 floats", isBaseline: true), torch.Case("calls", "hundred_products", "eager, products 2×2")]);
    }
}
