using static BrainState.Transforms;

namespace BrainState.Conformance.Gradients;

/// <summary>Random functions with branches and loops inside each other, from a seed. Every result depends on every argument, and every step of a loop on the one before.</summary>
internal static class RandomFlow
{
    /// <summary>The ops with bodies that occur.</summary>
    public static IReadOnlyList<string> Ops { get; } = ["scan", "cond", "call", "checkpoint"];

    /// <summary>A vector, from two vectors and a matrix of their length, by an op around random bodies.</summary>
    public static Tensor Of(string op, int seed, Tensor a, Tensor b, Tensor rows, int depth = 1)
    {
        // Bodies may be traced more than once, and must be the same each time.
        var random = new Random(seed);
        var (first, second, isReverse) = (random.Next(), random.Next(), random.Next(2) == 0);
        switch (op)
        {
            case "scan":
                var (carry, results) = Scan((Tensor c, Tensor row) => (Mixed(first, c, row, depth), Mixed(second, row, c, depth)), a, rows, new() { Reverse = isReverse });
                return (carry * b) + Np.Sum(results, 0);
            case "cond":
                return Cond(Np.Sum(a) > 0.1, p => Mixed(first, p, b, depth), p => Mixed(second, p, b, depth), a) * Np.Sum(rows, 0);
            case "call":
                return Jit((Tensor p, Tensor q) => Mixed(first, p, q, depth))(a, b) * Np.Sum(rows, 0);
            default:
                return Checkpoint((Tensor p, Tensor q) => Mixed(first, p, q, depth))(a, b) * Np.Sum(rows, 0);
        }
    }

    private static Tensor Mixed(int seed, Tensor a, Tensor b, int depth)
    {
        var random = new Random(seed);
        for (var step = 0; step < 3; step++) (a, b) = (Next(random, a, b, depth), a);
        return Np.Tanh(a + (b * 0.5)); // Loops would otherwise grow beyond what differences can tell.
    }

    private static Tensor Next(Random random, Tensor a, Tensor b, int depth) => random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => Np.Sin(a) * b,
        1 => Np.Tanh(a + b),
        2 => a * b * 0.7,
        3 => Np.Where(a > b, a * 1.5, b) * Np.Cos(b),
        4 => Np.Flip(a) + Np.Cos(b),
        _ => Of(Ops[random.Next(Ops.Count)], random.Next(), a, b, Np.Stack([a, b, Np.Sin(a)]), depth - 1),
    };
}
